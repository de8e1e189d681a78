using System.Collections.Immutable;
using QTrade.Actors;
using QTrade.Messages.Execution;

namespace QTrade.Node.Actors;

/// <summary>The trades that were begun and that the router was not told the end of, each with its actor. Owned by the executor.</summary>
internal sealed class TradesUnderWay
{
    private readonly Dictionary<TradeId, TradeUnderWay> _trades = [];
    private readonly List<TradeUnderWay> _made = [];

    /// <summary>All of them, as they are now.</summary>
    public ImmutableArray<KeyValuePair<TradeId, TradeUnderWay>> All => [.. _trades];

    /// <summary>Another turn begins: the actors that were to be made in the one before were made, or refused.</summary>
    public void Begin() => _made.Clear();

    /// <summary>The trade of that name, if it is under way.</summary>
    public TradeUnderWay? Find(TradeId id) => _trades.GetValueOrDefault(id);

    /// <summary>The same, which is under way from now on where it was not.</summary>
    public TradeUnderWay Of(TradeId id)
    {
        if (!_trades.TryGetValue(id, out var trade))
            _trades.Add(id, trade = new TradeUnderWay());
        return trade;
    }

    /// <summary>Its actor is made, if the journal takes what is decided in this turn.</summary>
    public void Make(TradeUnderWay trade, ActorRef<ITradeMessage> actor)
    {
        trade.Actor = actor;
        _made.Add(trade);
    }

    /// <summary>The journal refused what was decided in this turn: an actor that was to be made with it was not made, and all are told again what they were told last.</summary>
    public void Refuse()
    {
        foreach (var trade in _made)
            trade.Actor = null;
        foreach (var (_, trade) in _trades)
            trade.Again = true;
    }

    /// <summary>Whether all of them ended, were told to have, or are read no more.</summary>
    public bool AreOver(ImmutableArray<TradeId> trades) => trades.All(id => Find(id) is not { IsOver: false });

    /// <summary>How those of them ended that are under way and did.</summary>
    public ImmutableArray<TradeOutcome> OutcomesOf(ImmutableArray<TradeId> trades) => [.. trades.Select(id => Find(id)?.Outcome).OfType<TradeOutcome>()];

    /// <summary>It is over, and the router was told.</summary>
    /// <returns>Its actor; null where it has none.</returns>
    public ActorRef<ITradeMessage>? Remove(TradeId id) => _trades.Remove(id, out var trade) ? trade.Actor : null;
}
