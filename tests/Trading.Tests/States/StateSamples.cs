using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Trading.Cluster;
using QTrade.Trading.Execution;
using QTrade.Trading.Registry;
using QTrade.Trading.Routing;
using QTrade.Trading.Tests.Routing;

namespace QTrade.Trading.Tests.States;

/// <summary>States in which every field says something, made by the rules themselves.</summary>
internal static class StateSamples
{
    private static readonly SnapshotId First = new(1, 1), Second = new(1, 2), Third = new(1, 3), Fourth = new(1, 4);

    /// <summary>One snapshot over, one decided of which a route is over, one undecided; pools withheld with and without a live trade.</summary>
    public static RouterState Router { get; } = Fold(
        RouterState.Initial,
        new EpochStarted(1, Sample.Noon),
        HandOut(First),
        new SnapshotEnded(First, Ending.NoArbitrage, ReasonCode.NoArbitrage, "", Sample.Noon),
        HandOut(Second),
        Decide(Second, RouterSamples.Route(0, "p"), RouterSamples.Route(1, "q"), RouterSamples.Route(2, "r")),
        new RouteEnded(RouterSamples.Outcome(Second, 0, Ending.Executed, "p", 12)),
        new RouteEnded(RouterSamples.Outcome(Second, 1, Ending.Rejected, "q", 12)),
        HandOut(Third),
        HandOut(Fourth));

    /// <summary>Halted after a fill and a failure.</summary>
    public static ExecutorState Executor { get; } = new IExecutorEvent[]
    {
        new RiskLimitsChanged(new RiskLimits(100, 50, 3), Sample.Noon),
        new OutcomeTallied(RouterSamples.Outcome(Second, 0, Ending.Executed, "p", 12) with { Profit = 2.5 }),
        new OutcomeTallied(RouterSamples.Outcome(Second, 1, Ending.Failed, "q", 13) with { Profit = -0.25 }),
        new TradingStateChanged(TradingState.Halted, ReasonCode.Operator, "by hand", Sample.Noon),
    }.Aggregate(ExecutorState.Initial(new RiskLimits(1, 1, 1)), ExecutorRules.Apply);

    /// <summary>Resumed once, with slices out and given back and losses without one, under a limit that a person set.</summary>
    public static RiskState Risk { get; } = new IRiskEvent[]
    {
        new SharedLossChanged(100, Sample.Noon) { By = new Operator("me", "127.0.0.1") },
        new RiskReset(2, Sample.Noon.AddSeconds(1)),
        new RiskSliceLeased("executor#n1-1", 1, 2, 10, Sample.Noon.AddMinutes(1), Sample.Noon),
        new RiskSliceReported("executor#n1-1", 1, 2, 2.5, true, Sample.Noon.AddMinutes(1), Sample.Noon),
        new RiskSliceLeased("executor#n1-1", 2, 2, 20, Sample.Noon.AddMinutes(2), Sample.Noon),
        new RiskSliceReported("executor#n1-1", 2, 2, 0.25, false, Sample.Noon.AddMinutes(3), Sample.Noon),
        new RiskSliceLeased("two", 1, 2, 5, Sample.Noon.AddMinutes(4), Sample.Noon),
        new RiskLossTold("executor#n1-1", 2, 1.5, Sample.Noon),
        new RiskLossTold("two", 2, 0.5, Sample.Noon),
    }.Aggregate(RiskState.Initial, RiskRules.Apply);

    /// <summary>Configured by nobody, with a fee of one token, and retired by a person.</summary>
    public static PoolConfigurationState PoolConfiguration { get; } = new IPoolConfigurationEvent[]
    {
        new PoolConfigured(1, new Pool { Id = new("p"), Tokens = [new("A"), new("B")], Fee = 0.003, TokenFees = [0.01, 0], TokenFeesOut = [0.01, 0], Curve = new ProductCurve([1, 2]) }),
        new PoolRetired(new("p"), 2) { By = new Operator("me", "127.0.0.1") },
    }.Aggregate(PoolConfigurationState.Unknown, PoolRegistry.Apply);

    private static RouterState Fold(RouterState state, params IRouterEvent[] events) => events.Aggregate(state, RouterJournal.Apply);

    private static SnapshotHandedOut HandOut(SnapshotId id) => new(
        id,
        10,
        new SnapshotCut(null, [new(new("p"), 3, 1), new(new("q"), 200, 2)], [new(new("A"), 1), new(new("B"), 2)], [], []),
        "ab",
        null,
        new SolveOptions(100, new RouteOptions(8, 3, 32, 0, 0, 0, 1_000)),
        0,
        Sample.Noon);

    private static Decided Decide(SnapshotId id, params Route[] routes) =>
        new(id, RouterSamples.Solved(id, ResultStatus.Optimal, [1.5, 2]).Result, [.. routes], 18, Sample.Noon);
}
