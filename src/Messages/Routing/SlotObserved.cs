using QTrade.Messages.Execution;

namespace QTrade.Messages.Routing;

/// <summary>The feed saw the chain reach a slot, whether or not a pool changed. Expiry is judged against the newest.</summary>
public sealed record SlotObserved(ulong Slot) : IRouterMessage, IExecutorMessage;
