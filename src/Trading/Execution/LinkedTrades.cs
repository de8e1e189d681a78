using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;

namespace QTrade.Trading.Execution;

/// <summary>
/// The trades of linked routes, which pass what they receive on to one another: they are settled together once the intents of all are durable, or none is. Where one took
/// effect already, by an executor that ended or is replaced, that goes for the rest. Mutable, and owned by the executor.
/// </summary>
public sealed class LinkedTrades
{
    private readonly Dictionary<TradeId, Chain> chains = [];

    /// <summary>What is to become of a trade whose intent is durable.</summary>
    public enum Standing
    {
        /// <summary>It is settled by itself.</summary>
        Alone,

        /// <summary>The others' intents are not durable yet.</summary>
        Waits,

        /// <summary>It was the last: all are settled.</summary>
        Together,

        /// <summary>One of the others was not intended: it ends.</summary>
        Broken,
    }

    /// <summary>
    /// Trades begin, whole chains of them or what an earlier run or another executor left of some. A chain that is known takes up what it did not know of; the rest of it
    /// stays as it is.
    /// </summary>
    /// <returns>Routes that are linked with them and not among them, of which nothing is known.</returns>
    public ImmutableArray<(SnapshotId Snapshot, int Route)> Begin(IEnumerable<TradeIntent> intents)
    {
        var unknown = ImmutableArray.CreateBuilder<(SnapshotId Snapshot, int Route)>();
        foreach (var linked in intents.Where(intent => intent.LinkedRoutes.Length > 1).GroupBy(intent => (intent.SnapshotId, intent.LinkedRoutes[0])))
        {
            var (snapshot, _) = linked.Key;
            var begun = linked.Select(intent => intent.RouteIndex).ToHashSet();
            if (!chains.TryGetValue(linked.First().TradeId, out var chain))
                chain = new Chain();
            foreach (var route in linked.First().LinkedRoutes)
            {
                var trade = TradeId.Of(snapshot, route);
                if (!chain.TryAdd(trade))
                    continue;
                chains[trade] = chain;
                if (!begun.Contains(route))
                    unknown.Add((snapshot, route));
            }
        }

        return unknown.DrainToImmutable();
    }

    /// <summary>A trade's intent is durable.</summary>
    /// <param name="intent">The intent.</param>
    /// <param name="together">All of its chain where they are to be settled now.</param>
    public Standing Stand(TradeIntent intent, out ImmutableArray<TradeIntent> together)
    {
        together = [];
        if (!TryOpen(intent.TradeId, out var chain))
            return chain is { IsBroken: true } ? Standing.Broken : Standing.Alone;

        // What is durable counts, which another executor may have written.
        chain.Durable[intent.TradeId] = intent;
        together = chain.SettleWhole();
        return together.IsEmpty ? Standing.Waits : Standing.Together;
    }

    /// <summary>Whether the trade is one of several that are settled: what was found then is written, as the others' may be already.</summary>
    public bool AreSettled(TradeId trade) => chains.TryGetValue(trade, out var chain) && chain.IsSettled;

    /// <summary>A trade took effect before the others were settled, by another executor; answers the rest where they are to be settled now.</summary>
    public ImmutableArray<TradeIntent> Release(TradeId trade)
    {
        if (!TryOpen(trade, out var chain))
            return [];
        chain.Rest = chain.Rest.Remove(trade);
        return chain.SettleWhole();
    }

    /// <summary>A trade was not intended, or ended without effect before all were settled; answers those that waited for it.</summary>
    public ImmutableArray<TradeIntent> Break(TradeId trade)
    {
        if (!TryOpen(trade, out var chain))
            return [];
        chain.IsBroken = true;
        return chain.DurableOf(chain.Rest.Remove(trade));
    }

    /// <summary>The trade and all that are linked with it, in the order in which they became known.</summary>
    public ImmutableArray<TradeId> ChainOf(TradeId trade) => chains.TryGetValue(trade, out var chain) ? chain.Trades : [trade];

    /// <summary>A trade is over.</summary>
    public void End(TradeId trade) => chains.Remove(trade);

    /// <summary>Whether it is not decided yet what becomes of the trade's chain.</summary>
    private bool TryOpen(TradeId trade, [NotNullWhen(true)] out Chain? chain) => chains.TryGetValue(trade, out chain) && !chain.IsSettled && !chain.IsBroken;

    private sealed class Chain
    {
        /// <summary>All of them, in the order in which they became known.</summary>
        public ImmutableArray<TradeId> Trades { get; private set; } = [];

        /// <summary>Those that have not taken effect, in their order.</summary>
        public ImmutableArray<TradeId> Rest { get; set; } = [];

        public Dictionary<TradeId, TradeIntent> Durable { get; } = [];

        public bool IsSettled { get; private set; }

        public bool IsBroken { get; set; }

        /// <summary>One more of its trades, which it did not know of.</summary>
        public bool TryAdd(TradeId trade)
        {
            if (Trades.Contains(trade))
                return false;
            Trades = Trades.Add(trade);
            Rest = Rest.Add(trade);
            return true;
        }

        /// <summary>The rest, which counts as settled then, once all of it is durable; before, none.</summary>
        public ImmutableArray<TradeIntent> SettleWhole()
        {
            if (!Rest.All(Durable.ContainsKey))
                return [];
            IsSettled = true;
            return DurableOf(Rest);
        }

        public ImmutableArray<TradeIntent> DurableOf(ImmutableArray<TradeId> trades) => [.. trades.Where(Durable.ContainsKey).Select(trade => Durable[trade])];
    }
}
