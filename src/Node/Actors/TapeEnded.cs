namespace QTrade.Node.Actors;

/// <summary>For the feed: cuts of this tape up to this one are over.</summary>
public sealed record TapeEnded(string Tape, long Number) : INodeMessage;
