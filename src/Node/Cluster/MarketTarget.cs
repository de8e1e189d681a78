using QTrade.Messages;

namespace QTrade.Node.Cluster;

/// <summary>An actor of this node is to hear the market from now on, all of it first.</summary>
/// <param name="Name">Replaces the target of that name.</param>
/// <param name="Tell">Hands a change on to the actor; null: nobody of that name is to hear it any more.</param>
internal sealed record MarketTarget(string Name, Action<IMessage, QTrade.Actors.Effects>? Tell) : IMarketMessage;
