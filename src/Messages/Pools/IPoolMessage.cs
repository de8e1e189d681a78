using QTrade.Markets;

namespace QTrade.Messages.Pools;

/// <summary>What a pool is told.</summary>
public interface IPoolMessage : IMessage
{
    PoolId PoolId { get; }
}
