using QTrade.Markets;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;

namespace QTrade.Node.Actors;

/// <summary>
/// What the feed vouches for: states whose newest account was seen at this slot or later. Older ones are not traded until they were observed
/// again. Nothing of it is kept: a start trusts nothing that it was not told.
/// </summary>
/// <param name="Pool">The pool; null for all of them.</param>
/// <param name="Slot">The slot; <see cref="ulong.MaxValue"/> for none.</param>
public sealed record TrustFrom(PoolId? Pool, ulong Slot) : IRouterMessage, IExecutorMessage;
