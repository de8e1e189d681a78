using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;

namespace QTrade.Messages.Tests.Wire;

/// <summary>One message of every type, with every field other than its default.</summary>
internal static class Samples
{
    private static readonly DateTimeOffset At = new(2026, 11, 22, 10, 30, 15, 123, TimeSpan.Zero);
    private static readonly Operator Person = new("me", "127.0.0.1");
    private static readonly PositionVector OneAccount = new(new ChainPosition(185_759_999, 1));
    private static readonly PositionVector ThreeAccounts = new([new(7, 0), new(ulong.MaxValue, 300), new(8, ulong.MaxValue)]);
    private static readonly SnapshotId Snapshot = new(3, 4711);

    private static readonly Token Sol = new()
    {
        Id = new TokenId("SOL"),
        Value = 150.25,
        Holding = 0.5,
        Mint = "So11111111111111111111111111111111111111112",
        Symbol = "SOL",
        Decimals = 9,
    };

    private static readonly Pool Concentrated = new()
    {
        Id = new PoolId("whirlpool-1"),
        Dex = "orca",
        Tokens = [new("SOL"), new("USDC")],
        Fee = 0.003,
        FeeOut = 0.001,
        MaxTender = [10, double.PositiveInfinity],
        Curve = new ConcentratedCurve(148.5, [100, 150, 200], [1e9, 5e8]),
    };

    private static readonly SolveOptions Options = new(200, new RouteOptions(8, 3, 32, 0.0001, 0.001, 0.01, 10_000));

    private static readonly SnapshotCut Cut = new(
        new SnapshotId(3, 4710),
        [new(new PoolId("a"), 12, 1), new(new PoolId("b"), 300, 2)],
        [new(new TokenId("SOL"), 5)],
        [new("c"), new("d")],
        [new("USDC")]);

    private static readonly Route Route = new(
        1,
        2,
        [
            new(new PoolId("a"), new TokenId("SOL"), new TokenId("USDC"), 1.5, 225.75),
            new(new PoolId("b"), new TokenId("USDC"), new TokenId("SOL"), 225.75, 1.51),
        ],
        0.01,
        0.0012);

    private static readonly MarketResult Result = new()
    {
        Market = "3-4711",
        MarketHash = "ab12",
        Solver = "interior point 1",
        Status = ResultStatus.Inaccurate,
        Profit = 21.4998,
        UpperBound = 21.4999,
        Gap = 4.65e-6,
        Prices = [1.5, 10, double.Epsilon],
        NetFlow = [0, -0.0, 3],
        Trades = [new(new PoolId("a"), [0, 3.1], [0.2, 0], 15, 15.1), new(new PoolId("b"), [1], [], 0, -1)],
        Iterations = 9,
        UnlimitedBound = 22,
        Explanation = "{\"why\":\"é\"}",
        Search = "",
    };

    private static readonly SettledLeg Settled =
        new(new PoolId("a"), new TokenId("SOL"), new TokenId("USDC"), 1_500_000_000, 225_750_000, ThreeAccounts);

    private static readonly TradeIntent Intent = new(
        TradeId.Of(Snapshot, 1), Snapshot, 1, [Settled, Settled with { At = OneAccount }], 0.01, 0.0012, 185_760_010, [1, 0, 255], At);

    private static readonly TradeOutcome Outcome = new(
        TradeId.Of(Snapshot, 1), Snapshot, 1, Ending.Executed, ReasonCode.PoolMoved, "detail", [Settled], 0.0088, 0.0012, 185_760_001, At);

    /// <summary>The message that was written in a version.</summary>
    public static IMessage Of(Type type, int version) => Versions(All.Single(sample => sample.GetType() == type)).ElementAt(version - 1);

    public static ImmutableArray<IMessage> All { get; } =
    [
        new ObserveReserves(new PoolId("p"), [1.5, 0, 1e300], OneAccount),
        new ReservesChanged(new PoolId("p"), 42, [1.5, -0.0, 5e-324], ThreeAccounts),
        new ConfigurePool(Concentrated),
        new RetirePool(new PoolId("p")),
        new PoolConfigured(2, Concentrated),
        new PoolRetired(new PoolId("p"), 3),
        new RegisterToken(Sol),
        new TokenRegistered(4, Sol),
        new SlotObserved(185_760_000),
        new OptimizerReady("optimizer-1"),
        new SolveSnapshot(
            Snapshot,
            new Market { Name = "3-4711", Slot = 185_759_999, Units = AmountUnit.Base, Tokens = [Sol, Sol with { Id = new("USDC") }], Pools = [Concentrated] },
            "ab12",
            [150.25, 1],
            Options),
        new SnapshotSolved(Snapshot, Result, [Route, Route with { Index = 2 }], ReasonCode.BelowCosts),
        new SnapshotFailed(Snapshot, ReasonCode.SolverTimedOut, "stopped after 5 s"),
        new EpochStarted(3, At),
        new SnapshotHandedOut(Snapshot, 185_759_999, Cut, "ab12", new SnapshotId(3, 4709), Options, 17, At),
        new Decided(Snapshot, Result, [Route], 185_760_010, At),
        new RouteEnded(Outcome),
        new SnapshotEnded(Snapshot, Ending.Superseded, ReasonCode.NewerDecided, "a newer one", At),
        new ExecuteSolution(4, Snapshot, [Route], 185_760_010),
        new IntendTrade(Intent),
        new EndTrade(Outcome),
        new TradeIntended(Intent),
        new TradeEnded(Outcome),
        Outcome,
        new SetTradingState(TradingState.Reducing, ReasonCode.Operator, "by hand", At),
        new SetRiskLimits(new RiskLimits(1000, 50, 3), At),
        new TradingStateChanged(TradingState.Halted, ReasonCode.LossLimit, "too much", At),
        new RiskLimitsChanged(new RiskLimits(1000, 50, 3), At),
        new OutcomeTallied(Outcome),
        new NodeAnnouncement(
            "node-1", 638_999_999_999, 17, NodeRoles.Pools | NodeRoles.Optimizer, "0.1.0", new ShardSet(0x8000_0000_0000_0001), new ShardSet(6), 0.25, "127.0.0.1:9110", true),
        new ControlHeartbeat(9, 4711, TradingState.Reducing, ReasonCode.Operator, "by hand", new RiskLimits(1000, 50, 3), 2) { By = Person },
        new OfferSnapshot(
            Snapshot,
            new SnapshotId(3, 4709),
            new Market { Name = "3-4711", Slot = 185_759_999, Units = AmountUnit.Base, Tokens = [Sol, Sol with { Id = new("USDC") }], Pools = [Concentrated] },
            [new("c"), new("d")],
            [new("USDT")],
            "ab12",
            [150.25, 1],
            Options,
            TimeSpan.FromMilliseconds(1500)),
        new GetWholeSnapshot("optimizer-1", Snapshot),
        new LeaseRiskSlice("executor-1", 3, 12.5, At),
        new RiskRefused("executor-1", 3, 2, ReasonCode.RiskExhausted, "nothing is free"),
        new RiskTold(2, 100, 1.25, 12.5, 3, 1, true),
        new ReportRiskSlice("executor-1", 3, 1.25, true, At),
        new SetSharedLoss(100, At) { By = Person },
        new ResetRisk(At) { By = Person },
        new RiskSliceLeased("executor-1", 3, 2, 12.5, At.AddSeconds(5), At),
        new RiskSliceReported("executor-1", 3, 2, 1.25, true, At.AddSeconds(5), At),
        new ReportRiskLoss("executor-1", 2, 1.25, At),
        new RiskLossTold("executor-1", 2, 1.25, At),
        new SharedLossChanged(100, At) { By = Person },
        new MarketBatch("node-1", 5, 7, true, [new("chain.slot-observed", 1, new byte[] { 8, 9 })]),
        new GetMarketState("node-1"),
        new TakeTurn("node-1", 5),
        new RiskReset(2, At) { By = Person },
        new TapeCut("5893d1", 17, 185_760_001, [new(new PoolId("p"), OneAccount), new(new PoolId("q"), ThreeAccounts)]),
        new TapeCutEnded("5893d1", 17),
        new TrustFrom(new PoolId("p"), 185_760_001) { Term = 3, Number = 4711 },
        new FeedStarted(3, "node-1", At),
    ];

    private static Pool WithTokenFees => Concentrated with { TokenFees = [0, 0.0004], TokenFeesOut = [0.01, 0] };

    private static IEnumerable<IMessage> Versions(IMessage sample) => sample switch
    {
        ObserveReserves observe => [observe, observe with { Venue = VenueSamples.Whirlpool }],
        ReservesChanged changed => [changed, changed with { Venue = VenueSamples.Whirlpool }],
        ConfigurePool configure => [configure, configure with { Pool = WithTokenFees }],
        PoolConfigured configured => [configured, configured with { Pool = WithTokenFees }],
        OfferSnapshot offer =>
        [
            offer,
            offer with { Changes = With(offer.Changes, WithTokenFees) },
            offer with { Changes = With(offer.Changes, WithTokenFees with { Venue = VenueSamples.Whirlpool }) },
            offer with { StartTrades = Result.Trades },
        ],
        SnapshotHandedOut handedOut => [handedOut, handedOut with { StartsWithTrades = true }, handedOut with { StartsWithTrades = true, TapeCut = 17, Tape = "5893d1" }],
        SolveSnapshot solve =>
        [
            solve,
            solve with { Market = With(solve.Market, Concentrated with { Venue = VenueSamples.Whirlpool }) },
            solve with { Market = With(solve.Market, WithTokenFees with { Venue = VenueSamples.Whirlpool }) },
            solve with { StartTrades = Result.Trades },
        ],
        _ => [sample],
    };

    private static Market With(Market market, Pool pool) => market with { Pools = [pool] };
}
