using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Markets.Venues;
using QTrade.Messages;
using QTrade.Messages.Pools;
using QTrade.Trading.Registry;

namespace QTrade.Trading.Pools;

/// <summary>A pool's rules: absolute updates, ordered by position vector. What a pool publishes is its last event.</summary>
public static class PoolObservation
{
    /// <summary>
    /// Takes an update that is newer in some account and older in none. Everything else changes nothing and says why. A pool that
    /// empties is legal. The command is judged against the pool's configuration, which is another entity's.
    /// </summary>
    public static Decision<IPoolEvent> Decide(PoolState state, PoolConfigurationState configuration, ObserveReserves command)
    {
        var reason = configuration switch
        {
            { Pool: null } => ReasonCode.UnknownPool,
            { Retired: true } => ReasonCode.RetiredPool,
            _ => Place(state, command.At),
        };
        if (reason != ReasonCode.None)
            return Decisions.Reject<IPoolEvent>(reason);
        if (Fault(configuration, command.Reserves) is { } fault)
            return Decisions.Reject<IPoolEvent>(fault.Code, fault.Detail);
        if (command.Venue is { } venue && venue.LiquidityEntries > VenueState.LiquidityEntriesMax)
            return Decisions.Reject<IPoolEvent>(
                ReasonCode.InvalidPool, $"venue state of {venue.LiquidityEntries} ticks or bins where {VenueState.LiquidityEntriesMax} are the most");
        return Decisions.Event<IPoolEvent>(
            new ReservesChanged(command.PoolId, state.Sequence + 1, WithoutSigns(command.Reserves), command.At) { Venue = command.Venue });
    }

    public static PoolState Apply(PoolState state, IPoolEvent change) => change switch
    {
        ReservesChanged changed => new PoolState(changed),
        _ => throw new ArgumentOutOfRangeException(nameof(change), change.GetType().Name, "not an event of a pool"),
    };

    private static ReasonCode Place(PoolState state, in PositionVector at) =>
        at.Count == 0 ? ReasonCode.WrongAccountCount
        : state.Newest is null ? ReasonCode.None
        : at.CompareTo(state.Newest.At) switch
        {
            PositionOrder.Newer => ReasonCode.None,
            PositionOrder.Same => ReasonCode.RepeatedPosition,
            PositionOrder.Older => ReasonCode.OlderPosition,
            PositionOrder.Concurrent => ReasonCode.ConcurrentPosition,
            PositionOrder.Incomparable => ReasonCode.WrongAccountCount,
            var order => throw new ArgumentOutOfRangeException(nameof(at), order, "not a position order"),
        };

    private static Rejection? Fault(PoolConfigurationState configuration, ImmutableArray<double> reserves)
    {
        if (reserves.IsDefault || reserves.Length != configuration.StateLength)
            return new Rejection(
                ReasonCode.WrongArity,
                $"state of {(reserves.IsDefault ? 0 : reserves.Length)} numbers where the pool has {configuration.StateLength}");
        foreach (var reserve in reserves.AsSpan())
        {
            if (!double.IsFinite(reserve))
                return new Rejection(ReasonCode.NotFinite, $"state holds {reserve}");
            if (reserve < 0)
                return new Rejection(ReasonCode.NegativeReserve, $"state holds {reserve}");
        }

        // Of plain reserves nothing more is asked; other curves have an order among their numbers.
        return configuration.Pool!.Curve is ProductCurve or WeightedCurve or SumCurve or StableCurve ? null
            : PoolRules.CheckState(configuration.Pool, reserves) is { } fault
                ? new Rejection(ReasonCode.InvalidPool, $"{fault.Field} {fault.Message}")
                : null;
    }

    /// <summary>0 for -0, which is not negative and must not act so.</summary>
    private static ImmutableArray<double> WithoutSigns(ImmutableArray<double> reserves)
    {
        foreach (var reserve in reserves.AsSpan())
        {
            if (double.IsNegative(reserve))
                return [.. reserves.Select(value => value + 0.0)];
        }

        return reserves;
    }
}
