using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;

namespace QTrade.Trading.Execution;

/// <summary>What the executor has at hand: the trades under way, the newest decision taken up for each pool and the solutions that wait. Mutable, and owned by the executor.</summary>
public sealed class ExecutionDesk
{
    // Enough for every pool of the largest market; beyond, the oldest decisions are forgotten, whose routes have expired long since.
    private const int NewestKept = 131_072;

    private readonly Dictionary<TradeId, TradeIntent> live = [];
    private readonly Dictionary<PoolId, int> livePools = [];
    private readonly Dictionary<PoolId, SnapshotId> newest = [];

    // One for each snapshot that a router has published and that has not ended: it lets no more be outstanding than its queue holds.
    private readonly OrderedDictionary<SnapshotId, ExecuteSolution> held = [];

    /// <summary>The highest epoch heard of; senders of a lower one are replaced routers.</summary>
    public long Epoch { get; private set; }

    /// <summary>Trades under way.</summary>
    public int Live => live.Count;

    /// <summary>Solutions that wait.</summary>
    public int Held => held.Count;

    /// <summary>Takes note of a sender's epoch; false for one that is replaced. What a replaced one sent waits no more: its successor publishes it again.</summary>
    public bool Hear(long epoch)
    {
        if (epoch < Epoch)
            return false;
        if (epoch > Epoch)
            held.Clear();
        Epoch = epoch;
        return true;
    }

    /// <summary>A solution of the newest epoch waits; one that waits already is replaced, in its place.</summary>
    public void Hold(ExecuteSolution solution) => held[solution.SnapshotId] = solution;

    /// <summary>What waited, in its order; it waits no more.</summary>
    public ImmutableArray<ExecuteSolution> TakeHeld()
    {
        ImmutableArray<ExecuteSolution> taken = [.. held.Values];
        held.Clear();
        return taken;
    }

    /// <summary>A trade is under way.</summary>
    public void Begin(TradeIntent intent)
    {
        if (!live.TryAdd(intent.TradeId, intent))
            return;
        if (newest.Count >= NewestKept)
            newest.Clear();
        foreach (var leg in intent.Legs)
        {
            livePools[leg.PoolId] = livePools.GetValueOrDefault(leg.PoolId) + 1;
            if (!newest.TryGetValue(leg.PoolId, out var taken) || taken < intent.SnapshotId)
                newest[leg.PoolId] = intent.SnapshotId;
        }
    }

    /// <summary>A trade is over. One that is not under way changes nothing.</summary>
    public void End(TradeId id)
    {
        if (!live.Remove(id, out var intent))
            return;
        foreach (var leg in intent.Legs)
        {
            if (--livePools[leg.PoolId] == 0)
                livePools.Remove(leg.PoolId);
        }
    }

    /// <summary>Whether a trade on the pool is under way.</summary>
    public bool IsLive(PoolId pool) => livePools.ContainsKey(pool);

    /// <summary>Whether the trade itself is under way.</summary>
    public bool IsLive(TradeId trade) => live.ContainsKey(trade);

    /// <summary>What the trade under way intends, null where it is not.</summary>
    public TradeIntent? IntentOf(TradeId trade) => live.GetValueOrDefault(trade);

    /// <summary>
    /// What the trades under way take from the balances. What those of one solution pass on to one another counts, as it was judged so; what they bring beside that is not there yet.
    /// </summary>
    /// <param name="isTallied">Whether what a trade did is in the balances already.</param>
    public ImmutableSortedDictionary<TokenId, double> Spending(Func<TradeId, bool> isTallied)
    {
        var spending = ImmutableSortedDictionary<TokenId, double>.Empty;
        foreach (var solution in live.Values.Where(intent => !isTallied(intent.TradeId)).GroupBy(intent => intent.SnapshotId))
        {
            foreach (var (token, flow) in ExecutorRules.Flows([.. solution.SelectMany(intent => intent.Legs)]))
            {
                if (flow < 0)
                    spending = spending.SetItem(token, spending.GetValueOrDefault(token) + flow);
            }
        }

        return spending;
    }

    /// <summary>The newest decision of which a trade on the pool was begun.</summary>
    public SnapshotId? Newest(PoolId pool) => newest.TryGetValue(pool, out var id) ? id : null;
}
