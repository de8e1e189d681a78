using QTrade.Markets;

namespace QTrade.Messages.Execution;

/// <summary>One swap in exact amounts: tender rounded up, receive rounded down.</summary>
/// <param name="PoolId">The pool.</param>
/// <param name="TokenIn">What it is given.</param>
/// <param name="TokenOut">What it gives.</param>
/// <param name="Tender">Amount given, in the market's units.</param>
/// <param name="Receive">Amount got, in the market's units.</param>
/// <param name="At">Position of the pool's state that the swap was computed on.</param>
public sealed record SettledLeg(PoolId PoolId, TokenId TokenIn, TokenId TokenOut, double Tender, double Receive, PositionVector At);
