using System.Collections.Immutable;
using QTrade.Messages.Routing;

namespace QTrade.Node.Actors;

/// <summary>What the router decided is durable: the queue learns what ended and publishes what waits.</summary>
/// <param name="Ended">Snapshots that ended.</param>
/// <param name="Decided">The decision among the events; null where there is none.</param>
internal sealed record RouterCommitted(ImmutableArray<SnapshotId> Ended, Decided? Decided) : IRouterMessage;
