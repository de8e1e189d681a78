namespace QTrade.Node.Actors;

/// <summary>Nothing that the router handed out is in flight.</summary>
public sealed record RouterDrained : INodeMessage;
