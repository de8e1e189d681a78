using System.Collections.Immutable;
using QTrade.Messages.Execution;

namespace QTrade.Trading.Execution;

/// <summary>
/// The trades of linked routes, which pass what they receive on to one another: they are settled together once the intents of all are durable, or none is. Mutable, and owned by the executor. Of trades that an
/// earlier run intended it knows nothing: what of those took effect already stands, so each is settled by itself.
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

    /// <summary>Trades of linked routes begin, in their order.</summary>
    public void Begin(ImmutableArray<TradeIntent> intents)
    {
        if (intents.Length < 2)
            return;
        var chain = new Chain(intents);
        foreach (var intent in intents)
            chains[intent.TradeId] = chain;
    }

    /// <summary>A trade's intent is durable.</summary>
    /// <param name="intent">The intent.</param>
    /// <param name="together">All of its chain where they are to be settled now.</param>
    public Standing Stand(TradeIntent intent, out ImmutableArray<TradeIntent> together)
    {
        together = [];
        if (!chains.TryGetValue(intent.TradeId, out var chain) || chain.IsSettled)
            return Standing.Alone;
        if (chain.IsBroken)
            return Standing.Broken;

        // What is durable counts, which another executor may have written.
        chain.Intents = [.. chain.Intents.Select(each => each.TradeId == intent.TradeId ? intent : each)];
        chain.Durable.Add(intent.TradeId);
        if (chain.Durable.Count < chain.Intents.Length)
            return Standing.Waits;
        chain.IsSettled = true;
        together = chain.Intents;
        return Standing.Together;
    }

    /// <summary>Whether the trade is one of several that are settled: what was found then is written, as the others' may be already.</summary>
    public bool AreSettled(TradeId trade) => chains.TryGetValue(trade, out var chain) && chain.IsSettled;

    /// <summary>A trade took effect before the others were settled, by another executor: each goes on by itself; answers those that waited for it.</summary>
    public ImmutableArray<TradeIntent> Release(TradeId trade)
    {
        if (!chains.TryGetValue(trade, out var chain) || chain.IsSettled || chain.IsBroken)
            return [];
        chain.IsSettled = true;
        return chain.Waiting(trade);
    }

    /// <summary>A trade was not intended, or ended without effect before all were settled; answers those that waited for it.</summary>
    public ImmutableArray<TradeIntent> Break(TradeId trade)
    {
        if (!chains.TryGetValue(trade, out var chain) || chain.IsSettled || chain.IsBroken)
            return [];
        chain.IsBroken = true;
        return chain.Waiting(trade);
    }

    /// <summary>A trade is over.</summary>
    public void End(TradeId trade) => chains.Remove(trade);

    private sealed class Chain(ImmutableArray<TradeIntent> intents)
    {
        public ImmutableArray<TradeIntent> Intents { get; set; } = intents;

        public HashSet<TradeId> Durable { get; } = [];

        public bool IsSettled { get; set; }

        public bool IsBroken { get; set; }

        public ImmutableArray<TradeIntent> Waiting(TradeId other) => [.. Intents.Where(intent => intent.TradeId != other && Durable.Contains(intent.TradeId))];
    }
}
