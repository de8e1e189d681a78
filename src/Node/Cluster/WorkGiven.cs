using QTrade.Messages.Routing;
using QTrade.Node.Actors;

namespace QTrade.Node.Cluster;

/// <summary>The router gives an optimizer of the cluster a snapshot.</summary>
/// <param name="Optimizer">Its name.</param>
/// <param name="Work">The snapshot.</param>
internal sealed record WorkGiven(string Optimizer, SolveSnapshot Work) : INodeMessage;
