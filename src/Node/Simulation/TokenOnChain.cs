using QTrade.Markets;

namespace QTrade.Node.Simulation;

/// <summary>A token was registered while the node runs: pools of it may follow.</summary>
public sealed record TokenOnChain(Token Token) : IFeedMessage;
