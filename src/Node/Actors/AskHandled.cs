using QTrade.Actors;
using QTrade.Markets;
using QTrade.Messages.Pools;
using QTrade.Node.Cluster;

namespace QTrade.Node.Actors;

/// <summary>Asks a pool to say when what it was told before is durable, or refused for good.</summary>
/// <param name="PoolId">The pool.</param>
/// <param name="Turn">Comes back with the answer.</param>
/// <param name="ReplyTo">Is told.</param>
internal sealed record AskHandled(PoolId PoolId, long Turn, ActorRef<IShardMessage> ReplyTo) : IPoolMessage;
