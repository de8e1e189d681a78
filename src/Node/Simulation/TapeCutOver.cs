namespace QTrade.Node.Simulation;

/// <summary>Cuts of this tape up to this one are decided: a feed that plays it may go on behind it; others pass it over.</summary>
public sealed record TapeCutOver(string Tape, long Number) : IFeedMessage;
