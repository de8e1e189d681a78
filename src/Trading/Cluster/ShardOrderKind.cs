namespace QTrade.Trading.Cluster;

/// <summary>What a node does to a shard's queue.</summary>
public enum ShardOrderKind
{
    /// <summary>Begin to consume. The first message that is its own has it recover the shard's pools.</summary>
    Consume,

    /// <summary>Cancel the consumer; finish and acknowledge what was delivered, then tell <see cref="ShardHandover.Drained"/>.</summary>
    Drain,

    /// <summary>Cancel the consumer and give back what was delivered: another node writes these pools.</summary>
    Drop,
}
