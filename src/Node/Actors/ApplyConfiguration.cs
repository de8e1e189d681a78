using QTrade.Markets;
using QTrade.Messages.Pools;
using QTrade.Trading.Registry;

namespace QTrade.Node.Actors;

/// <summary>A pool's configuration as it now stands: what its observations are judged against.</summary>
public sealed record ApplyConfiguration(PoolId PoolId, PoolConfigurationState Configuration) : IPoolMessage;
