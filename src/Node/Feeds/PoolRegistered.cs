using QTrade.Markets;
using QTrade.Messages.Registry;
using QTrade.Node.Simulation;
using QTrade.Trading;

namespace QTrade.Node.Feeds;

/// <summary>A pool's configuration is in force, or was refused.</summary>
public sealed record PoolRegistered(PoolId Pool, Rejection? Rejection) : IFeedMessage
{
    /// <summary>What was ordered; null where whoever is told knows it.</summary>
    public IPoolConfigurationMessage? Command { get; init; }
}
