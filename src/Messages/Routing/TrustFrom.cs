using QTrade.Markets;
using QTrade.Messages.Execution;

namespace QTrade.Messages.Routing;

/// <summary>
/// What the feed vouches for: states whose newest account was seen at this slot or later. Older ones are not traded until they were observed
/// again. Nothing of it is kept: a start trusts nothing that it was not told.
/// </summary>
/// <param name="Pool">The pool; null for all of them.</param>
/// <param name="Slot">The slot; <see cref="ulong.MaxValue"/> for none.</param>
public sealed record TrustFrom(PoolId? Pool, ulong Slot) : IRouterMessage, IExecutorMessage
{
    /// <summary>The term of the feed that says so, from 1: what feeds before it vouched for ends with it. 0 where there is no other feed.</summary>
    public long Term { get; init; }

    /// <summary>Grows with everything that the feed of a term says: of two the higher counts, whichever came first. 0 where they come in order.</summary>
    public long Number { get; init; }
}
