namespace QTrade.Messages.Cluster;

/// <summary>
/// Whoever receives it from a hop of one consumer has the turn and keeps it unacknowledged as long as it acts: the broker then gives it to the next
/// when that node is gone. One that has the turn already acknowledges further ones.
/// </summary>
/// <param name="Node">The node that sent it.</param>
/// <param name="Incarnation">Of that node.</param>
public sealed record TakeTurn(string Node, long Incarnation) : IClusterMessage;
