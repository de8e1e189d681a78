namespace QTrade.Node.Actors;

/// <summary>For the feed: cuts of its tape up to this one are over.</summary>
public sealed record TapeEnded(long Number) : INodeMessage;
