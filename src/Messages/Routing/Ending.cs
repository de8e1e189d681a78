namespace QTrade.Messages.Routing;

/// <summary>How a snapshot or a route ends (law 6). The numbers are on the wire: none is ever reused.</summary>
public enum Ending
{
    /// <summary>It took effect.</summary>
    Executed = 1,

    /// <summary>A newer slot than its expiry was seen first.</summary>
    Expired = 2,

    /// <summary>A rule refused it: costs, risk, a pool that moved.</summary>
    Rejected = 3,

    /// <summary>A newer one took its place.</summary>
    Superseded = 4,

    /// <summary>Certified: there was nothing to gain. Snapshots only.</summary>
    NoArbitrage = 5,

    /// <summary>Solver, venue or node failed.</summary>
    Failed = 6,
}
