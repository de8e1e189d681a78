namespace QTrade.Node.Simulation;

/// <summary>What the simulated feed is told.</summary>
public interface IFeedMessage;
