using QTrade.Messages.Routing;

namespace QTrade.Node.Actors;

/// <summary>What an optimizer's thread made of a snapshot: a message for the router, an answer or a failure.</summary>
internal sealed record SolveOutcome(SnapshotId SnapshotId, IRouterCommand Answer) : IOptimizerMessage;
