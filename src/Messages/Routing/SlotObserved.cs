using QTrade.Messages.Execution;

namespace QTrade.Messages.Routing;

/// <summary>The feed saw the chain reach a slot, whether or not a pool changed. Expiry is judged against the newest.</summary>
public sealed record SlotObserved(ulong Slot) : IRouterMessage, IExecutorMessage
{
    /// <summary>The term of the feed that saw it, from 1; 0 where there is no other feed.</summary>
    public long Term { get; init; }
}
