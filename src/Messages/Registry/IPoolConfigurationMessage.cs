using QTrade.Markets;

namespace QTrade.Messages.Registry;

/// <summary>What a pool's configuration is told.</summary>
public interface IPoolConfigurationMessage : IMessage
{
    PoolId PoolId { get; }
}
