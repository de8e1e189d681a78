using Google.Protobuf;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Wire;
using QTrade.Trading.Cluster;
using QTrade.Trading.Execution;
using QTrade.Trading.Routing;
using QTrade.Trading.States;

namespace QTrade.Trading.Tests.States;

/// <summary>
/// <c>golden.txt</c> holds one line per manifest and version: the bytes of the sample as that version wrote it. Lines are added, never
/// changed: they are what journals hold.
/// </summary>
public sealed class StateFormSpecs
{
    private static readonly Dictionary<(string Manifest, int Version), byte[]> Golden = File
        .ReadLines(Path.Combine(AppContext.BaseDirectory, "States", "golden.txt"))
        .Select(line => line.Split(' '))
        .ToDictionary(parts => (parts[0], int.Parse(parts[1])), parts => Convert.FromHexString(parts[2]));

    private static EncodedMessage Router => StateForms.Router.Encode(StateSamples.Router);

    private static EncodedMessage Executor => StateForms.Executor.Encode(StateSamples.Executor);

    private static EncodedMessage Risk => StateForms.Risk.Encode(StateSamples.Risk);

    private static EncodedMessage PoolConfiguration => StateForms.PoolConfiguration.Encode(StateSamples.PoolConfiguration);

    public static TheoryData<string> Manifests => new(Router.Manifest, Executor.Manifest, Risk.Manifest, PoolConfiguration.Manifest);

    [Theory]
    [MemberData(nameof(Manifests))]
    public void States_are_written_as_they_always_were(string manifest)
    {
        var encoded = new[] { Router, Executor, Risk, PoolConfiguration }.Single(state => state.Manifest == manifest);

        Assert.Equal(Convert.ToHexStringLower(Golden[(manifest, encoded.Version)]), Convert.ToHexStringLower(encoded.Bytes.Span));
    }

    [Fact]
    public void Schema_describes_the_bytes_and_knows_every_field()
    {
        Assert.Equal(Router.Bytes.ToArray(), Again(QTrade.Trading.States.Schema.RouterState.Parser, Router));
        Assert.Equal(Executor.Bytes.ToArray(), Again(QTrade.Trading.States.Schema.ExecutorState.Parser, Executor));

        Assert.Equal(Risk.Bytes.ToArray(), Again(QTrade.Trading.States.Schema.RiskState.Parser, Risk));
        Assert.Equal(PoolConfiguration.Bytes.ToArray(), Again(QTrade.Trading.States.Schema.PoolConfigurationState.Parser, PoolConfiguration));

        static byte[] Again<TState>(MessageParser<TState> parser, EncodedMessage encoded)
            where TState : IMessage<TState> => parser.WithDiscardUnknownFields(true).ParseFrom(encoded.Bytes.Span).ToByteArray();
    }

    [Fact]
    public void Who_wanted_the_trading_state_comes_back_and_the_schema_knows_it()
    {
        var state = StateSamples.Executor with { StateReason = new TradingStateReason(ReasonCode.Operator, "by hand") { By = new Operator("me", "127.0.0.1") } };
        var encoded = StateForms.Executor.Encode(state);

        Assert.True(StateForms.Executor.TryDecode(encoded.Manifest, encoded.Version, encoded.Bytes.Span, out var read, out var error), error);
        Assert.Equal(state.StateReason, read.StateReason);
        Assert.Equal(
            "me", QTrade.Trading.States.Schema.ExecutorState.Parser.WithDiscardUnknownFields(true).ParseFrom(encoded.Bytes.Span).By.Name);
    }

    [Fact]
    public void When_trading_was_resumed_comes_back_and_the_schema_knows_it()
    {
        var state = StateSamples.Executor with { ResumedAt = Sample.Noon };
        var encoded = StateForms.Executor.Encode(state);

        Assert.True(StateForms.Executor.TryDecode(encoded.Manifest, encoded.Version, encoded.Bytes.Span, out var read, out var error), error);
        Assert.Equal(state.ResumedAt, read.ResumedAt);
        Assert.Equal(state.ResumedAt.Ticks, QTrade.Trading.States.Schema.ExecutorState.Parser.WithDiscardUnknownFields(true).ParseFrom(encoded.Bytes.Span).ResumedAt);
    }

    [Fact]
    public void Limits_that_nobody_ordered_come_back_as_such_and_those_of_an_earlier_version_as_ordered()
    {
        var configured = ExecutorState.Initial(StateSamples.Executor.Limits);
        var encoded = StateForms.Executor.Encode(configured);

        Assert.True(StateForms.Executor.TryDecode(encoded.Manifest, encoded.Version, encoded.Bytes.Span, out var read, out var error), error);
        Assert.False(read.AreLimitsOrdered);
        Assert.True(QTrade.Trading.States.Schema.ExecutorState.Parser.WithDiscardUnknownFields(true).ParseFrom(encoded.Bytes.Span).LimitsConfigured);
        foreach (var ((_, version), bytes) in Golden.Where(line => line.Key.Manifest == encoded.Manifest))
        {
            Assert.True(StateForms.Executor.TryDecode(encoded.Manifest, version, bytes, out read, out error), error);
            Assert.True(read.AreLimitsOrdered);
        }
    }

    [Fact]
    public void Router_comes_back_whole_from_the_bytes_of_every_version()
    {
        foreach (var ((_, version), bytes) in Golden.Where(line => line.Key.Manifest == Router.Manifest))
        {
            Assert.True(StateForms.Router.TryDecode(Router.Manifest, version, bytes, out var read, out var error), error);
            var sample = StateSamples.Router;
            Assert.Equal((sample.Epoch, sample.Number, sample.Profit), (read.Epoch, read.Number, read.Profit));
            Assert.Equal(sample.LastHandOut!.SnapshotId, read.LastHandOut!.SnapshotId);
            Assert.Equal(sample.LastHandOut.Pools.AsEnumerable(), read.LastHandOut.Pools.AsEnumerable());
            Assert.Equal(sample.LastHandOut.Tokens.AsEnumerable(), read.LastHandOut.Tokens.AsEnumerable());
            Assert.Equal(sample.Undecided.Keys, read.Undecided.Keys);
            Assert.Equal(sample.Undecided.Values.SelectMany(undecided => undecided.Tokens), read.Undecided.Values.SelectMany(undecided => undecided.Tokens));
            Assert.Equal(sample.Open.Values.SelectMany(open => open.Routes), read.Open.Values.SelectMany(open => open.Routes));
            Assert.Equal(sample.Open.Values.SelectMany(open => open.Outcomes), read.Open.Values.SelectMany(open => open.Outcomes));
            Assert.Equal(sample.Open.Values.Select(open => open.ExpirySlot), read.Open.Values.Select(open => open.ExpirySlot));
            Assert.Equal(sample.LastDecision!.Result, read.LastDecision!.Result);
            Assert.Equal(Told(sample), Told(read));
            Assert.Equal((sample.Snapshots.HandedOut, sample.Snapshots.Ended, 0L), (read.Snapshots.HandedOut, read.Snapshots.Ended, read.Snapshots.Difference));
            Assert.Equal((sample.Routes.HandedOut, sample.Routes.Ended, 0L), (read.Routes.HandedOut, read.Routes.Ended, read.Routes.Difference));
            Assert.Equal(sample.Routes.InFlight.Order(Comparer), read.Routes.InFlight.Order(Comparer));
            Assert.Equal(sample.Reasons.Last, read.Reasons.Last);
            Assert.Equal(sample.Reasons.Counts, read.Reasons.Counts);
        }
    }

    [Fact]
    public void Executor_comes_back_whole_from_the_bytes_of_every_version()
    {
        foreach (var ((_, version), bytes) in Golden.Where(line => line.Key.Manifest == Executor.Manifest))
        {
            Assert.True(StateForms.Executor.TryDecode(Executor.Manifest, version, bytes, out var read, out var error), error);
            var sample = StateSamples.Executor;
            Assert.Equal(
                (sample.TradingState, sample.StateReason, sample.Limits, sample.Profit, sample.Loss, sample.ErrorStreak, sample.Executed),
                (read.TradingState, read.StateReason, read.Limits, read.Profit, read.Loss, read.ErrorStreak, read.Executed));
            Assert.Equal(version < 2 ? default : sample.StateAt, read.StateAt);
            Assert.Equal(version < 3 ? default : sample.LimitsAt, read.LimitsAt);
            Assert.Equal(sample.Balances, read.Balances);
            Assert.Equal(sample.TalliedOrder, read.TalliedOrder);
            Assert.True(sample.Tallied.SetEquals(read.Tallied));
            Assert.Equal(sample.Refusals.Last, read.Refusals.Last);
        }
    }

    [Fact]
    public void Shared_loss_limit_comes_back_whole_from_the_bytes_of_every_version()
    {
        foreach (var ((_, version), bytes) in Golden.Where(line => line.Key.Manifest == Risk.Manifest))
        {
            Assert.True(StateForms.Risk.TryDecode(Risk.Manifest, version, bytes, out var read, out var error), error);
            var sample = StateSamples.Risk;
            Assert.Equal(
                (sample.Generation, sample.LossMax, sample.Lost, sample.Free, sample.IsOrdered, sample.OrderedAt, sample.ResetAt),
                (read.Generation, read.LossMax, read.Lost, read.Free, read.IsOrdered, read.OrderedAt, read.ResetAt));
            Assert.Equal(sample.Slices, read.Slices);
            Assert.Equal(sample.LostBy.Order(ByKey), read.LostBy.Order(ByKey));
            Assert.Equal(sample.Outside.Order(ByKey), read.Outside.Order(ByKey));
        }
    }

    [Fact]
    public void A_pools_configuration_comes_back_whether_it_is_retired_or_not()
    {
        var sample = StateSamples.PoolConfiguration;
        foreach (var state in new[] { sample, sample with { Retired = false }, sample with { By = null } })
        {
            var encoded = StateForms.PoolConfiguration.Encode(state);
            Assert.True(StateForms.PoolConfiguration.TryDecode(encoded.Manifest, encoded.Version, encoded.Bytes.Span, out var read, out var error), error);
            Assert.Equal(state, read);
        }
    }

    [Fact]
    public void States_of_before_anything_happened_come_back()
    {
        Assert.True(StateForms.Router.TryDecode(Router.Manifest, 1, StateForms.Router.Encode(RouterState.Initial).Bytes.Span, out var router, out _));
        Assert.Equal((0L, null, 0L), (router.Epoch, router.LastHandOut, router.Snapshots.HandedOut));
        var initial = ExecutorState.Initial(StateSamples.Executor.Limits);
        Assert.True(StateForms.Executor.TryDecode(Executor.Manifest, 1, StateForms.Executor.Encode(initial).Bytes.Span, out var executor, out _));
        Assert.Equal(initial.TradingState, executor.TradingState);
        Assert.True(StateForms.Risk.TryDecode(Risk.Manifest, 1, StateForms.Risk.Encode(RiskState.Initial).Bytes.Span, out var risk, out _));
        Assert.Equal((1L, null), (risk.Generation, risk.ResetAt));
    }

    [Fact]
    public void Bytes_that_end_early_or_are_changed_never_throw()
    {
        foreach (var manifest in Golden.Keys)
        {
            var bytes = Golden[manifest];
            for (var length = 0; length < bytes.Length; length++)
                TryBoth(bytes.AsSpan(0, length));
            for (var at = 0; at < bytes.Length; at++)
            {
                byte[] changed = [.. bytes];
                changed[at] ^= 0xff;
                TryBoth(changed);
            }
        }

        static void TryBoth(ReadOnlySpan<byte> bytes)
        {
            Assert.NotEqual(StateForms.Router.TryDecode("router.state", 1, bytes, out _, out var router), router is not null);
            Assert.NotEqual(StateForms.Executor.TryDecode("executor.state", 1, bytes, out _, out var executor), executor is not null);
            Assert.NotEqual(StateForms.Risk.TryDecode("risk.state", 1, bytes, out _, out var risk), risk is not null);
            Assert.NotEqual(StateForms.PoolConfiguration.TryDecode("pool-configuration.state", 1, bytes, out _, out var pool), pool is not null);
        }
    }

    [Fact]
    public void Newer_versions_and_other_manifests_are_refused_by_name()
    {
        Assert.False(StateForms.Router.TryDecode("router.state", 2, default, out _, out var newer));
        Assert.Contains("version 2", newer);
        Assert.False(StateForms.Router.TryDecode("executor.state", 1, default, out _, out var other));
        Assert.Contains("executor.state", other);
    }

    private static IComparer<KeyValuePair<string, double>> ByKey { get; } =
        Comparer<KeyValuePair<string, double>>.Create((left, right) => string.CompareOrdinal(left.Key, right.Key));

    private static IComparer<QTrade.Messages.Execution.TradeId> Comparer { get; } =
        Comparer<QTrade.Messages.Execution.TradeId>.Create((left, right) => string.CompareOrdinal(left.Value, right.Value));

    private static IEnumerable<string> Told(RouterState state) => state.Withheld
        .OrderBy(entry => entry.Key)
        .Select(entry => $"{entry.Key} {string.Join(',', entry.Value.Live.Order(Comparer))} {entry.Value.After?.NewestSlot}");
}
