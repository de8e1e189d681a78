using System.Collections.Immutable;

namespace QTrade.Trading.Planning;

/// <summary>Flows one after the other, each taking what the one before receives.</summary>
/// <param name="Flows">The flows, in order.</param>
/// <param name="Start">What the first takes of its token so that no flow is passed.</param>
internal sealed record FlowPath(ImmutableArray<PoolFlow> Flows, double Start);
