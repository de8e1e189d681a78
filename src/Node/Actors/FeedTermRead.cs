using QTrade.Messages.Execution;
using QTrade.Messages.Routing;

namespace QTrade.Node.Actors;

/// <summary>The newest term of the feed that the journal has: what feeds of earlier ones still say counts for nothing.</summary>
/// <param name="Term">From 1; 0 where none was begun.</param>
internal sealed record FeedTermRead(long Term) : IRouterMessage, IExecutorMessage;
