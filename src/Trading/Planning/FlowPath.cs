using System.Collections.Immutable;

namespace QTrade.Trading.Planning;

/// <summary>Flows one after the other, each taking what the one before receives.</summary>
/// <param name="Flows">The flows, in order.</param>
/// <param name="Start">What the first takes of its token so that no flow is passed.</param>
/// <param name="Available">What there was to start with.</param>
/// <param name="Narrowest">The flow that allows no more; null where no more was available to start with.</param>
internal sealed record FlowPath(ImmutableArray<PoolFlow> Flows, double Start, double Available, PoolFlow? Narrowest);
