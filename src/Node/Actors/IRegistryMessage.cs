namespace QTrade.Node.Actors;

/// <summary>What the registry of tokens and pools is told.</summary>
public interface IRegistryMessage;
