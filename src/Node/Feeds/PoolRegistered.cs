using QTrade.Markets;
using QTrade.Node.Simulation;
using QTrade.Trading;

namespace QTrade.Node.Feeds;

/// <summary>A pool's configuration is in force, or was refused.</summary>
public sealed record PoolRegistered(PoolId Pool, Rejection? Rejection) : IFeedMessage;
