using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Routing;
using QTrade.Trading.Ledgers;

namespace QTrade.Node.Tests.Terminal;

/// <summary>Statuses to show.</summary>
internal static class Statuses
{
    public static NodeStatus At(double seconds) => new()
    {
        Uptime = TimeSpan.FromSeconds(seconds),
        Market = "sample",
        Pools = 408,
        Tokens = 232,
        Slot = 1_234,
        Updates = (long)(seconds * 2_000),
        Conflated = 7,
        Solves = (long)(seconds * 20),
        Outstanding = 3,
        OutstandingMax = 100,
        Executed = 5,
        Profit = 1.25,
        Balances = [new BalanceStatus(new TokenId("usdc"), "USDC", 1.5, 1.5), new BalanceStatus(new TokenId("sol"), "SOL", -0.01, -0.25)],
        Snapshots = new LedgerStatus(20, 1, ImmutableSortedDictionary<Ending, long>.Empty.Add(Ending.Executed, 9).Add(Ending.NoArbitrage, 10)),
        Routes = LedgerStatus.Empty,
        Journal = new JournalStatus("/x/journal.db", 12_345, 0, TimeSpan.Zero, []),
    };

    /// <summary>Some refusals of every source but commands.</summary>
    public static ImmutableArray<RefusalStatus> SomeRefusals()
    {
        ReasonTally router = ReasonTally.Empty.Add(Refusal("route 1/5/0", ReasonCode.PoolMoved, "its reserves moved", 4));
        for (int i = 1; i <= 12; i++)
            router = router.Add(Refusal($"snapshot 1/{i}", ReasonCode.NoArbitrage, "", i));
        ReasonCount[] updates =
        [
            new(ReasonCode.UnknownPool, 2), new(ReasonCode.WrongArity, 1), new(ReasonCode.NotFinite, 3), new(ReasonCode.OlderPosition, 1), new(ReasonCode.RetiredPool, 0),
        ];
        return
        [
            RefusalStatus.Of(RefusalSource.Updates, updates, [Refusal("pool p", ReasonCode.NotFinite, "reserve 0 is no number", 4)]),
            RefusalStatus.Of(RefusalSource.Commands, ReasonTally.Empty),
            RefusalStatus.Of(RefusalSource.Router, router),
            RefusalStatus.Of(RefusalSource.Executor, ReasonTally.Empty.Add(Refusal("trade 1/5/0", ReasonCode.PoolMoved, "its reserves moved", 5))),
        ];
    }

    private static ReasonedRefusal Refusal(string what, ReasonCode reason, string detail, int second) =>
        new(what, reason, detail, DateTimeOffset.UnixEpoch.AddSeconds(second));

    public static NodeStatus Decided(this NodeStatus status) =>
        status with { LastDecision = new LastDecisionStatus("1/7", "optimal", 57.35817, 57.35818, 3.1e-11, TimeSpan.FromMilliseconds(4.2)) };

    public static async IAsyncEnumerable<NodeStatus> InTurn(params NodeStatus[] statuses)
    {
        foreach (NodeStatus status in statuses)
        {
            await Task.Yield();
            yield return status;
        }
    }
}
