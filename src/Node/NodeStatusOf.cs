using System.Collections.Immutable;
using QTrade.Actors;
using QTrade.Markets;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Node.Actors;
using QTrade.Node.Configuration;
using QTrade.Node.Simulation;
using QTrade.Trading.Execution;
using QTrade.Trading.Ledgers;

namespace QTrade.Node;

/// <summary>Puts a node's status together from what its actors show of themselves.</summary>
internal static class NodeStatusOf
{
    private const string PoolsPrefix = "/node/pools/";
    private const int IdShown = 6;

    public static NodeStatus Now(
        TradingNodeSetup setup,
        ActorSystem system,
        StatusBoard board,
        HaltSwitch halt,
        FeedMetrics feed,
        NodeMetrics metrics,
        JournalHealth health,
        NodeRecovery recovery,
        TimeSpan uptime)
    {
        var router = board.Router;
        var executor = board.Executor;
        var (conflated, restarts) = Count(system);
        var broker = setup.Cluster?.Transport.Status;
        var (state, reason) = TradingStateOf(executor, board, halt, health);
        return new NodeStatus
        {
            Uptime = uptime,
            Market = setup.Market.Name,
            Pools = setup.Options.Feed != FeedKind.Simulated && setup.Cluster is not null ? board.PoolsHeard
                : setup.Feed is { } chain ? chain.Metrics.Counts.Complete
                : setup.Market.Pools.Length,
            Tokens = setup.Market.Tokens.Length,
            Slot = router.Slot,
            Updates = feed.Updates,
            // Of a cluster's nodes one follows the chain.
            Feed = setup.Cluster is null || board.Acting.HasFlag(NodeRoles.Feed) ? setup.Feed?.Status : null,
            Conflated = conflated,
            UpdatesRefused = metrics.UpdatesRefused,
            Solves = metrics.Solves,
            Leases = router.Leases,
            Offers = board.Offers,
            LastDecision = router.Last,
            Outstanding = router.Outstanding,
            OutstandingMax = setup.Options.Queue.Outstanding,
            TradingState = state,
            TradingStateReason = reason,
            Executed = executor.Executed,
            Profit = executor.Profit,
            Balances = Balances(setup.Market, executor),
            Snapshots = Status(router.State.Snapshots),
            Routes = Status(router.State.Routes),
            Refusals =
            [
                metrics.UpdateRefusals,
                metrics.CommandRefusals,
                RefusalStatus.Of(RefusalSource.Router, router.State.Reasons),
                RefusalStatus.Of(RefusalSource.Executor, executor.Refusals),
            ],
            Broker = broker,
            Journal = new JournalStatus(
                setup.JournalPath, setup.EventsCommitted(), recovery.Entities.Events, recovery.Time, setup.JournalLosses())
            {
                EventsUnreadable = recovery.Unreadable.Count,
            },
            Faults = metrics.Faults + metrics.JournalRefusals + system.DeadLetters.Count + system.Quarantine.Count + restarts + (broker?.Poisoned ?? 0),
            LastFault = metrics.LastFault ?? broker?.LastPoison,
        };
    }

    private static (long Conflated, long Restarts) Count(ActorSystem system)
    {
        long conflated = 0, restarts = 0;
        foreach (var report in system.Hierarchy())
        {
            restarts += report.Restarts;
            if (report.Path.Value.StartsWith(PoolsPrefix, StringComparison.Ordinal))
                conflated += report.Conflated;
        }

        return (conflated, restarts);
    }

    private static (TradingState State, string Reason) TradingStateOf(
        ExecutorState written, StatusBoard board, HaltSwitch halt, JournalHealth health)
    {
        if (health.Fault is { } fault)
            return (TradingState.Halted, $"journal: {fault}");
        if (board.Control is { } elsewhere)
            written = written with { TradingState = elsewhere.State, StateReason = new TradingStateReason(elsewhere.Reason, elsewhere.Detail) { By = elsewhere.By } };
        var executor = halt.InForce(written);
        var reason = executor.StateReason;
        if (executor.TradingState != TradingState.Halted && board is { Control: null, Unleased: { } unleased })
            return (TradingState.Halted, unleased.Describe());
        return executor.TradingState == TradingState.Active
            ? (TradingState.Active, string.Empty)
            : (executor.TradingState, reason.Describe());
    }

    private static LedgerStatus Status<TId>(Ledger<TId> ledger)
        where TId : notnull => new(ledger.HandedOut, ledger.InFlight.Count, ledger.Endings);

    private static ImmutableArray<BalanceStatus> Balances(Market market, ExecutorState executor)
    {
        if (executor.Balances.IsEmpty)
            return [];
        var balances = ImmutableArray.CreateBuilder<BalanceStatus>();
        foreach (var token in market.Tokens)
        {
            if (executor.Balances.TryGetValue(token.Id, out var amount) && amount != 0)
                balances.Add(new BalanceStatus(token.Id, SymbolOf(token), Whole(market, token, amount), amount * token.Value));
        }

        balances.Sort((left, right) => Math.Abs(right.Value).CompareTo(Math.Abs(left.Value)) is var order && order != 0
            ? order
            : left.Token.CompareTo(right.Token));
        return balances.DrainToImmutable();
    }

    private static double Whole(Market market, Token token, double amount)
    {
        for (var digit = 0; market.Units == AmountUnit.Base && digit < (token.Decimals ?? 0); digit++)
            amount /= 10;
        return amount;
    }

    private static string SymbolOf(Token token) =>
        token.Symbol ?? (token.Id.Value.Length > IdShown + 2 ? $"{token.Id.Value[..IdShown]}.." : token.Id.Value);
}
