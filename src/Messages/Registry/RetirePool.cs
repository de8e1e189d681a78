using QTrade.Markets;
using QTrade.Messages.Execution;

namespace QTrade.Messages.Registry;

/// <summary>Takes a pool out of trading; its history stays.</summary>
public sealed record RetirePool(PoolId PoolId) : IPoolConfigurationMessage
{
    /// <summary>Who wants it; null where no person does. It then stands over restarts, whatever the market's file says.</summary>
    public Operator? By { get; init; }
}
