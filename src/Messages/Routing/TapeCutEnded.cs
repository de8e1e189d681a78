namespace QTrade.Messages.Routing;

/// <summary>What the router answers a <see cref="TapeCut"/> with: its decision, and every earlier one's, is durable.</summary>
/// <param name="Tape">Which tape.</param>
/// <param name="Number">The last cut that is over; 0: none was.</param>
public sealed record TapeCutEnded(string Tape, long Number) : IMessage;
