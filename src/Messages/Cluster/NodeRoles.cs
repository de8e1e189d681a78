namespace QTrade.Messages.Cluster;

/// <summary>What a node does; any mix. The numbers are on the wire: none is ever reused.</summary>
[Flags]
public enum NodeRoles
{
    None = 0,

    /// <summary>Follows the chain. One node at a time is active.</summary>
    Feed = 1,

    /// <summary>Holds pools, those of its shards.</summary>
    Pools = 2,

    /// <summary>Cuts snapshots and decides. One node at a time is active.</summary>
    Router = 4,

    /// <summary>Solves.</summary>
    Optimizer = 8,

    /// <summary>Trades.</summary>
    Executor = 16,
}
