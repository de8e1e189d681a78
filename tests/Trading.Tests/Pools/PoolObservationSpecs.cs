using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using QTrade.Markets;
using QTrade.Markets.Venues;
using QTrade.Messages;
using QTrade.Messages.Pools;
using QTrade.Trading.Pools;
using QTrade.Trading.Registry;

namespace QTrade.Trading.Tests.Pools;

public sealed class PoolObservationSpecs
{
    private static readonly PoolId Id = new("p");
    private static readonly PoolConfigurationState Configured = new(1, Sample.Product("p", "A", "B", 1, 1), Retired: false);

    [Fact]
    public void The_first_observation_is_the_first_event() => Then.Events(
        Decide(PoolState.Unseen, [10, 20], Sample.At(5)),
        new ReservesChanged(Id, 1, [10, 20], Sample.At(5)));

    [Fact]
    public void A_newer_position_replaces_the_state() => Then.Events(
        Decide(Seen([10, 20], Sample.At(5)), [11, 19], Sample.At(5, 1)),
        new ReservesChanged(Id, 2, [11, 19], Sample.At(5, 1)));

    [Fact]
    public void A_venue_s_integers_are_part_of_the_event_up_to_a_bound()
    {
        var venue = Whirlpool(VenueState.LiquidityEntriesMax);
        var observed = new ObserveReserves(Id, [10, 20], Sample.At(5)) { Venue = venue };
        Then.Events(
            PoolObservation.Decide(PoolState.Unseen, Configured, observed), new ReservesChanged(Id, 1, [10, 20], Sample.At(5)) { Venue = venue });
        Then.Rejected(
            PoolObservation.Decide(PoolState.Unseen, Configured, observed with { Venue = Whirlpool(VenueState.LiquidityEntriesMax + 1) }), ReasonCode.InvalidPool);
    }

    [Theory]
    [InlineData(5, 1, ReasonCode.RepeatedPosition)]
    [InlineData(5, 0, ReasonCode.OlderPosition)]
    [InlineData(4, 9, ReasonCode.OlderPosition)]
    public void Older_or_repeated_position_changes_nothing(ulong slot, ulong writeVersion, ReasonCode reason) =>
        Then.Rejected(Decide(Seen([10, 20], Sample.At(5, 1)), [99, 99], Sample.At(slot, writeVersion)), reason);

    [Fact]
    public void A_state_that_is_newer_in_one_account_and_older_in_another_changes_nothing()
    {
        var state = Seen([10, 20], new PositionVector([new(5, 0), new(5, 0)]));

        Then.Rejected(Decide(state, [9, 9], new PositionVector([new(6, 0), new(4, 0)])), ReasonCode.ConcurrentPosition);
    }

    [Fact]
    public void A_position_of_another_number_of_accounts_changes_nothing()
    {
        var state = Seen([10, 20], Sample.At(5));

        Then.Rejected(Decide(state, [9, 9], new PositionVector([new(6, 0), new(6, 0)])), ReasonCode.WrongAccountCount);
        Then.Rejected(Decide(PoolState.Unseen, [9, 9], default), ReasonCode.WrongAccountCount);
    }

    [Theory]
    [InlineData(double.NaN, ReasonCode.NotFinite)]
    [InlineData(double.PositiveInfinity, ReasonCode.NotFinite)]
    [InlineData(double.NegativeInfinity, ReasonCode.NotFinite)]
    [InlineData(-1e-300, ReasonCode.NegativeReserve)]
    public void Numbers_that_are_no_reserves_are_refused_with_the_reason(double reserve, ReasonCode reason) =>
        Then.Rejected(Decide(PoolState.Unseen, [10, reserve], Sample.At(5)), reason);

    [Fact]
    public void A_state_of_another_length_is_refused()
    {
        Then.Rejected(Decide(PoolState.Unseen, [1, 2, 3], Sample.At(5)), ReasonCode.WrongArity);
        Then.Rejected(Decide(PoolState.Unseen, [], Sample.At(5)), ReasonCode.WrongArity);
        Then.Rejected(Decide(PoolState.Unseen, default, Sample.At(5)), ReasonCode.WrongArity);
    }

    [Fact]
    public void A_pool_that_empties_is_published_as_empty() => Then.Events(
        Decide(Seen([10, 20], Sample.At(5)), [0, 0], Sample.At(6)),
        new ReservesChanged(Id, 2, [0, 0], Sample.At(6)));

    [Fact]
    public void Minus_zero_is_kept_as_zero()
    {
        var changed = (ReservesChanged)Decide(PoolState.Unseen, [-0.0, 1], Sample.At(5))[0];

        Assert.False(double.IsNegative(changed.Reserves[0]));
    }

    [Fact]
    public void A_pool_nobody_configured_is_unknown() => Then.Rejected(
        PoolObservation.Decide(PoolState.Unseen, PoolConfigurationState.Unknown, new ObserveReserves(Id, [1, 1], Sample.At(1))),
        ReasonCode.UnknownPool);

    [Fact]
    public void A_retired_pool_takes_no_update() => Then.Rejected(
        PoolObservation.Decide(PoolState.Unseen, Configured with { Retired = true }, new ObserveReserves(Id, [1, 1], Sample.At(1))),
        ReasonCode.RetiredPool);

    [Fact]
    public void A_concentrated_pool_s_price_must_be_above_zero()
    {
        var pool = Sample.Product("p", "A", "B", 1, 1) with { Curve = new ConcentratedCurve(10, [5, 20], [100]) };
        var configuration = new PoolConfigurationState(1, pool, Retired: false);

        Then.Rejected(
            PoolObservation.Decide(PoolState.Unseen, configuration, new ObserveReserves(Id, [0], Sample.At(1))), ReasonCode.InvalidPool);
        Then.Events(
            PoolObservation.Decide(PoolState.Unseen, configuration, new ObserveReserves(Id, [11], Sample.At(1))),
            new ReservesChanged(Id, 1, [11], Sample.At(1)));
    }

    [Fact]
    public void Positions_of_one_account_in_any_order_converge_to_the_newest()
    {
        var positions = Gen.Choose(0, 6).SelectMany(_ => Gen.Choose(0, 2), (slot, write) => (Slot: (ulong)slot, Write: (ulong)write)).NonEmptyListOf();

        Prop.ForAll(positions.ToArbitrary(), seen =>
        {
            var state = PoolState.Unseen;
            foreach (var (slot, write) in seen)
                state = Observe(state, [slot, write], Sample.At(slot, write));
            var newest = seen.Max();
            return state.Newest!.At == Sample.At(newest.Slot, newest.Write)
                && state.Newest.Reserves.SequenceEqual([newest.Slot, newest.Write]);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void Positions_of_several_accounts_converge_once_one_that_is_newer_in_all_was_seen()
    {
        var position = Gen.Choose(0, 5).ArrayOf(2).Select(slots => new PositionVector([new((ulong)slots[0], 0), new((ulong)slots[1], 0)]));

        Prop.ForAll(position.ListOf().ToArbitrary(), Gen.Choose(0, 100).ToArbitrary(), (seen, place) =>
        {
            var newest = new PositionVector([new(9, 0), new(9, 0)]);
            var state = PoolState.Unseen;
            foreach (var at in seen.Take(place).Append(newest).Concat(seen.Skip(place)))
                state = Observe(state, [at[0].Slot, at[1].Slot], at);
            return state.Newest!.At == newest;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void A_decided_event_makes_the_same_command_a_no_op()
    {
        var command = new ObserveReserves(Id, [3, 4], Sample.At(7));
        var state = PoolObservation.Apply(PoolState.Unseen, PoolObservation.Decide(PoolState.Unseen, Configured, command)[0]);

        Assert.Equal(0, PoolObservation.Decide(state, Configured, command).Count);
    }

    [Fact]
    public void An_update_allocates_its_event_and_nothing_else()
    {
        var commands = Enumerable.Range(1, 1001).Select(slot => new ObserveReserves(Id, [1, 2], Sample.At((ulong)slot))).ToArray();
        var state = Take(PoolState.Unseen, commands[0]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var command in commands.AsSpan(1))
            state = Take(state, command);
        var perUpdate = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000.0;

        Assert.Equal(1001, state.Sequence);
        Assert.InRange(perUpdate, 1, 104);

        static PoolState Take(PoolState state, ObserveReserves command) =>
            PoolObservation.Apply(state, PoolObservation.Decide(state, Configured, command)[0]);
    }

    private static Decision<IPoolEvent> Decide(PoolState state, ImmutableArray<double> reserves, PositionVector at) =>
        PoolObservation.Decide(state, Configured, new ObserveReserves(Id, reserves, at));

    private static PoolState Observe(PoolState state, ImmutableArray<double> reserves, PositionVector at)
    {
        var decision = Decide(state, reserves, at);
        return decision.Count == 0 ? state : PoolObservation.Apply(state, decision[0]);
    }

    private static PoolState Seen(ImmutableArray<double> reserves, PositionVector at) => new(new ReservesChanged(Id, 1, reserves, at));

    private static WhirlpoolState Whirlpool(int ticks) => new()
    {
        SqrtPrice = UInt128.One << 64,
        Tick = 0,
        Liquidity = 1,
        FeeRate = 1,
        TickSpacing = 1,
        Ticks = new TickRange([.. Enumerable.Range(1, ticks).Select(tick => new TickLiquidity(tick, 1))], OrcaTicks.SqrtPriceAt, -1, 10_000),
    };
}
