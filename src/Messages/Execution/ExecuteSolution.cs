using System.Collections.Immutable;
using QTrade.Messages.Routing;

namespace QTrade.Messages.Execution;

/// <summary>One item of the queue: the routes of one decision, to be executed together. May arrive more than once.</summary>
/// <param name="SnapshotId">The decided snapshot; its epoch is the router's.</param>
/// <param name="Routes">The routes that have not ended yet.</param>
/// <param name="ExpirySlot">Void once a newer slot than this was seen.</param>
public sealed record ExecuteSolution(SnapshotId SnapshotId, ImmutableArray<Route> Routes, ulong ExpirySlot) : IExecutorMessage;
