namespace QTrade.Node;

/// <summary>How snapshots travelled to optimizers on other nodes, since the router began.</summary>
/// <param name="Changes">As what changed since the optimizer's last one.</param>
/// <param name="Whole">Whole.</param>
/// <param name="Asked">Asked for whole, because the optimizer lacked what the changes build on.</param>
public sealed record OfferStatus(long Changes, long Whole, long Asked)
{
    public static OfferStatus None { get; } = new(0, 0, 0);
}
