using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;

namespace QTrade.Messages.Tests.Wire;

/// <summary>
/// <c>golden.txt</c> holds one line per manifest and version: the bytes of the sample as that version wrote it. Lines are added, never changed:
/// they are what journals and other nodes hold.
/// </summary>
public sealed class GoldenBytesSpecs
{
    private static readonly Dictionary<(string Manifest, int Version), byte[]> Golden = File
        .ReadLines(Path.Combine(AppContext.BaseDirectory, "Wire", "golden.txt"))
        .Select(line => line.Split(' '))
        .ToDictionary(parts => (parts[0], int.Parse(parts[1])), parts => Convert.FromHexString(parts[2]));

    public static TheoryData<string> Manifests => new(MessageCodec.Manifests.Select(form => form.Manifest));

    [Fact]
    public void Every_manifest_has_golden_bytes_for_every_version()
    {
        var versions = MessageCodec.Manifests.SelectMany(form => Enumerable.Range(1, form.Version).Select(version => (form.Manifest, version)));

        Assert.Equal(versions.Order(), Golden.Keys.Order());
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Messages_are_written_as_they_always_were(string manifest)
    {
        var (_, newest, type) = MessageCodec.Manifests.Single(form => form.Manifest == manifest);
        for (var version = 1; version <= newest; version++)
        {
            var encoded = MessageCodec.Encode(Samples.Of(type, version));

            Assert.Equal(version, encoded.Version);
            Assert.Equal(Convert.ToHexStringLower(Golden[(manifest, version)]), Convert.ToHexStringLower(encoded.Bytes.Span));
        }
    }

    [Fact]
    public void An_operator_is_written_behind_what_was_always_written()
    {
        var by = new Operator("me", "127.0.0.1");
        foreach (var sample in Samples.All)
        {
            IMessage? steered = sample switch
            {
                SetTradingState set => set with { By = by },
                SetRiskLimits set => set with { By = by },
                TradingStateChanged changed => changed with { By = by },
                RiskLimitsChanged changed => changed with { By = by },
                ConfigurePool configure => configure with { By = by },
                RetirePool retire => retire with { By = by },
                PoolConfigured configured => configured with { By = by },
                PoolRetired retired => retired with { By = by },
                _ => null,
            };
            if (steered is null)
                continue;
            var (before, encoded) = (MessageCodec.Encode(sample), MessageCodec.Encode(steered));

            var field = steered is SetTradingState or TradingStateChanged ? "2a" : "1a";
            Assert.Equal(
                Convert.ToHexStringLower(before.Bytes.Span) + field + "0f" + "0a026d65" + "12093132372e302e302e31", Convert.ToHexStringLower(encoded.Bytes.Span));
            Assert.True(MessageCodec.TryDecode(encoded.Manifest, encoded.Version, encoded.Bytes.Span, out var read, out var error), error);
            Assert.Equal(steered, read);
        }
    }

    [Fact]
    public void What_was_added_to_messages_is_written_behind_what_was_always_written()
    {
        var announced = Samples.All.OfType<NodeAnnouncement>().Single();
        var told = Samples.All.OfType<ControlHeartbeat>().Single();
        var slot = Samples.All.OfType<SlotObserved>().Single();
        var limits = Samples.All.OfType<RiskLimitsChanged>().Single();
        var lease = Samples.All.OfType<LeaseRiskSlice>().Single();
        var tallied = Samples.All.OfType<OutcomeTallied>().Single();
        var refused = new RefusedOrder(new DateTimeOffset(1, TimeSpan.Zero), new Operator("me", "h"), "late");
        foreach (var (before, after, behind) in new (IMessage, IMessage, string)[]
        {
            (announced, announced with { Acting = NodeRoles.Router }, "5804"),
            (announced, announced with { Feed = "solana" }, "6206736f6c616e61"),
            (slot, slot with { Term = 3 }, "1003"),
            (limits, limits with { State = TradingState.Halted }, "2003"),
            (tallied, tallied with { Loss = 0 }, "210000000000000000"),
            (tallied, tallied with { Loss = 1.5 }, "21000000000000f83f"),
            (lease, lease with { ResumedAt = new DateTimeOffset(1, TimeSpan.Zero) }, "5001"),
            (told, told with { Refused = refused }, "4a" + "11" + "0801" + "1207" + "0a026d65" + "120168" + "1a046c617465"),
        })
        {
            var encoded = MessageCodec.Encode(after);
            Assert.Equal(Convert.ToHexStringLower(MessageCodec.Encode(before).Bytes.Span) + behind, Convert.ToHexStringLower(encoded.Bytes.Span));
            Assert.True(MessageCodec.TryDecode(encoded.Manifest, encoded.Version, encoded.Bytes.Span, out var read, out var error), error);
            Assert.Equal(after, read);
        }
    }

    [Fact]
    public void With_which_routes_an_intent_is_linked_is_written_behind_what_was_always_written_of_it()
    {
        var intended = Samples.All.OfType<TradeIntended>().Single();
        var linked = new TradeIntended(intended.Intent with { LinkedRoutes = [0, 1, 300] });
        var (before, encoded) = (MessageCodec.Encode(intended).Bytes, MessageCodec.Encode(linked));

        // Both sizes have two bytes.
        Assert.Equal(Convert.ToHexStringLower(before.Span[3..]) + "5204" + "00" + "01" + "ac02", Convert.ToHexStringLower(encoded.Bytes.Span[3..]));
        Assert.True(MessageCodec.TryDecode(encoded.Manifest, encoded.Version, encoded.Bytes.Span, out var read, out var error), error);
        Assert.Equal(linked, read);
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Bytes_of_every_version_are_still_read(string manifest)
    {
        var type = MessageCodec.Manifests.Single(form => form.Manifest == manifest).MessageType;
        foreach (var ((_, version), bytes) in Golden.Where(line => line.Key.Manifest == manifest))
        {
            Assert.True(MessageCodec.TryDecode(manifest, version, bytes, out var message, out var error), error);
            Assert.Equal(Samples.Of(type, version), message);
        }
    }
}
