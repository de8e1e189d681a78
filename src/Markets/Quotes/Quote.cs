using QTrade.Markets.Venues;

namespace QTrade.Markets.Quotes;

/// <summary>
/// One leg through a pool, settled exactly: the tender is rounded up and what is received rounded down, so that it is never better than
/// the curve. Prices are tokens out per token in, after fees.
/// </summary>
/// <param name="TenderIn">What the pool is given, on the grid of the token that goes in.</param>
/// <param name="ReceiveOut">What the pool gives, on the grid of the token that comes out.</param>
/// <param name="FeePaid">The part of the tender that is fee.</param>
/// <param name="FeeOutPaid">The fee on what comes out, in the token that comes out; it is not part of <paramref name="ReceiveOut"/>.</param>
/// <param name="MarginalPriceBefore">What the next small tender fetched per unit before the leg.</param>
/// <param name="MarginalPriceAfter">The same after it; 0 where nothing is left to fetch.</param>
/// <param name="PriceImpact">1 - (receive / tender) / price before, 0 to 1.</param>
/// <param name="After">The pool's curve after the leg.</param>
/// <param name="VenueAfter">The integer state after the leg, for a pool that settled by its venue's arithmetic.</param>
public readonly record struct Quote(
    double TenderIn,
    double ReceiveOut,
    double FeePaid,
    double FeeOutPaid,
    double MarginalPriceBefore,
    double MarginalPriceAfter,
    double PriceImpact,
    PoolCurve After,
    VenueState? VenueAfter = null);
