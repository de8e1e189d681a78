using QTrade.Markets;

namespace QTrade.Messages.Registry;

/// <summary>A fact of <c>config/&lt;pool id&gt;</c>.</summary>
public interface IPoolConfigurationEvent : IMarketChange
{
    PoolId PoolId { get; }
}
