namespace QTrade.Node;

/// <summary>Leases of snapshots to optimizers, since the router began.</summary>
/// <param name="Running">Optimizers that have a snapshot.</param>
/// <param name="Granted">Leases given; more than snapshots handed out where some were offered again.</param>
/// <param name="Lapsed">Leases that ended without a result.</param>
/// <param name="Late">Results of snapshots that had ended, or had one already.</param>
/// <param name="Refused">Times that no snapshot was handed out because too many had no result.</param>
public sealed record LeaseStatus(int Running, long Granted, long Lapsed, long Late, long Refused)
{
    public static LeaseStatus None { get; } = new(0, 0, 0, 0, 0);
}
