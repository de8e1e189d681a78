using QTrade.Markets;

namespace QTrade.Messages.Registry;

/// <summary>Takes a pool out of trading; its history stays.</summary>
public sealed record RetirePool(PoolId PoolId) : IPoolConfigurationMessage;
