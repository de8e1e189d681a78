using Google.Protobuf;
using Google.Protobuf.Reflection;
using QTrade.Markets;
using QTrade.Markets.Venues;
using QTrade.Messages.Pools;
using QTrade.Messages.Wire;
using MessagesReflection = QTrade.Messages.Wire.Schema.MessagesReflection;

namespace QTrade.Messages.Tests.Wire;

/// <summary>Integer states of venues on the wire.</summary>
public sealed class VenueFormSpecs
{
    public static TheoryData<int> Venues => [.. Enumerable.Range(0, VenueSamples.All.Length)];

    [Theory]
    [MemberData(nameof(Venues))]
    public void A_state_is_read_as_it_was_written(int venue)
    {
        var changed = Changed(VenueSamples.All[venue]);
        var encoded = MessageCodec.Encode(changed);

        Assert.Equal(2, encoded.Version);
        Assert.True(MessageCodec.TryDecode(encoded.Manifest, encoded.Version, encoded.Bytes.Span, out var read, out var error), error);
        Assert.Equal(changed, read);
        Assert.NotEqual(Changed(null), read);
    }

    [Theory]
    [MemberData(nameof(Venues))]
    public void A_read_state_settles_as_the_written_one(int venue)
    {
        var state = VenueSamples.All[venue];
        var read = Read(state)!;
        foreach (var zeroForOne in new[] { true, false })
        {
            for (ulong amount = 1; amount < 1_000_000_000_000; amount *= 97)
            {
                Assert.Equal(state.ExactIn(zeroForOne, amount, out var was), read.ExactIn(zeroForOne, amount, out var now));
                Assert.Equal(was, now);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Venues))]
    public void The_schema_s_own_compiler_reads_and_writes_the_same_bytes(int venue)
    {
        var bytes = MessageCodec.Encode(Changed(VenueSamples.All[venue])).Bytes.ToArray();
        var parsed = MessagesReflection.Descriptor.FindTypeByName<MessageDescriptor>(nameof(ReservesChanged)).Parser.ParseFrom(bytes);

        Assert.Equal(bytes, parsed.ToByteArray());
        Assert.Equal(bytes.Length, parsed.Descriptor.Parser.WithDiscardUnknownFields(true).ParseFrom(bytes).CalculateSize());
    }

    [Theory]
    [MemberData(nameof(Venues))]
    public void Cut_off_and_flipped_bytes_are_refused_or_still_quote(int venue)
    {
        var encoded = MessageCodec.Encode(Changed(VenueSamples.All[venue]));
        for (var length = 0; length < encoded.Bytes.Length; length++)
            Answers(encoded.Bytes.Span[..length]);
        var bytes = encoded.Bytes.ToArray();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Answers(bytes);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Numbers_that_no_venue_has_are_refused()
    {
        Assert.Null(Read(new AmmV4State { Reserve0 = 1, Reserve1 = 1, FeeNumerator = 1, FeeDenominator = 1 }));
        Assert.Null(Read(VenueSamples.Whirlpool with { TickSpacing = 0 }));
        Assert.Null(Read(VenueSamples.Whirlpool with { Tick = -131 }));
        Assert.Null(Read(VenueSamples.Whirlpool with { SqrtPrice = 1 }));
        Assert.Null(Read(VenueSamples.Whirlpool with { FeeRate = 1_000_000 }));
        Assert.Null(Read(VenueSamples.Whirlpool with { TransferFee0 = new TransferFee(10_001, 1) }));
    }

    [Fact]
    public void More_ticks_than_the_bound_are_refused_and_as_many_take_little_room()
    {
        Assert.NotNull(Read(WithTicks(VenueState.LiquidityEntriesMax)));
        Assert.Null(Read(WithTicks(VenueState.LiquidityEntriesMax + 1)));
        var size = MessageCodec.Encode(Changed(WithTicks(VenueState.LiquidityEntriesMax))).Bytes.Length;
        Assert.InRange(size, 1, VenueState.LiquidityEntriesMax * 12);
    }

    [Fact]
    public void A_pool_known_only_as_a_curve_is_written_as_before_venues_were()
    {
        var encoded = MessageCodec.Encode(Changed(null));
        Assert.Equal(1, encoded.Version);
        Assert.True(MessageCodec.TryDecode(encoded.Manifest, 1, encoded.Bytes.Span, out var read, out _));
        Assert.Null(((ReservesChanged)read).Venue);
    }

    [Fact]
    public void Encoding_a_state_allocates_its_bytes_and_nothing_else()
    {
        var changed = Changed(VenueSamples.Whirlpool);
        var size = MessageCodec.Encode(changed).Bytes.Length;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            MessageCodec.Encode(changed);

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1000.0, size, size + 32);
    }

    private static WhirlpoolState WithTicks(int count) => VenueSamples.Whirlpool with
    {
        Ticks = new TickRange(
            [.. Enumerable.Range(0, count).Select(i => new TickLiquidity((i - 2_000) * 64, i % 2 == 0 ? 1L << 55 : -(1L << 55)))],
            OrcaTicks.SqrtPriceAt,
            -443_636,
            443_636),
    };

    private static ReservesChanged Changed(VenueState? venue) =>
        new(new PoolId("p"), 42, [1.5, 2], new PositionVector(new ChainPosition(185_759_999, 1))) { Venue = venue };

    private static VenueState? Read(VenueState state)
    {
        var encoded = MessageCodec.Encode(Changed(state));
        return MessageCodec.TryDecode(encoded.Manifest, encoded.Version, encoded.Bytes.Span, out var read, out _) ? ((ReservesChanged)read).Venue : null;
    }

    private static void Answers(ReadOnlySpan<byte> bytes)
    {
        if (!MessageCodec.TryDecode("pool.reserves-changed", 2, bytes, out var read, out _) || ((ReservesChanged)read).Venue is not { } state)
            return;
        Assert.True(state.IsSound);
        state.ToCurve();
        foreach (var zeroForOne in new[] { true, false })
        {
            state.ExactIn(zeroForOne, 1_000_000, out _);
            state.ExactOut(zeroForOne, 1_000, out _);
        }
    }
}
