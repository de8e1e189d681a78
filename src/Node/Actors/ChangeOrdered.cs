using QTrade.Broker;

namespace QTrade.Node.Actors;

/// <summary>Whether an order to change a token or a pool is with whoever carries it out: what that one makes of it is seen in the market.</summary>
/// <param name="Ending"><see cref="PublishEnding.Full"/> where it surely is not, <see cref="PublishEnding.Unknown"/> where nobody knows.</param>
public sealed record ChangeOrdered(PublishEnding Ending);
