namespace QTrade.Node.Simulation;

/// <summary>Cuts of the tape up to this one are decided: the feed may go on behind it.</summary>
public sealed record TapeCutOver(long Number) : IFeedMessage;
