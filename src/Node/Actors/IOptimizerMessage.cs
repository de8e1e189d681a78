namespace QTrade.Node.Actors;

/// <summary>What an optimizer is told.</summary>
public interface IOptimizerMessage;
