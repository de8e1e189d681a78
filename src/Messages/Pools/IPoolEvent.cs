using QTrade.Markets;

namespace QTrade.Messages.Pools;

/// <summary>A fact of <c>pool/&lt;id&gt;</c>.</summary>
public interface IPoolEvent : IEvent
{
    PoolId PoolId { get; }
}
