using QTrade.Messages.Routing;

namespace QTrade.Trading.Routing;

/// <summary>A snapshot ready to be handed out: what to keep, and the work to send once that is durable.</summary>
/// <param name="Event">The fact.</param>
/// <param name="Work">The work for the optimizer that asked.</param>
public sealed record SnapshotOffer(SnapshotHandedOut Event, SolveSnapshot Work);
