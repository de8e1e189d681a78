namespace QTrade.Node.Actors;

/// <summary>What the actor of the shared loss limit is told.</summary>
public interface IRiskMessage;
