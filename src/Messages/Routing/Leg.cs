using QTrade.Markets;

namespace QTrade.Messages.Routing;

/// <summary>One swap on one pool, as planned on the snapshot.</summary>
/// <param name="PoolId">The pool.</param>
/// <param name="TokenIn">What it is given.</param>
/// <param name="TokenOut">What it gives.</param>
/// <param name="Tender">Amount given, in the market's units.</param>
/// <param name="Receive">Amount expected, in the market's units.</param>
public sealed record Leg(PoolId PoolId, TokenId TokenIn, TokenId TokenOut, double Tender, double Receive);
