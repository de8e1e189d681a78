using QTrade.Node.Actors;

namespace QTrade.Node.Cluster;

/// <summary>The journal was tried.</summary>
/// <param name="Writes">Whether it writes.</param>
/// <param name="BegunAt">Refusals when the trial began.</param>
internal sealed record JournalTried(bool Writes, long BegunAt) : INodeMessage;
