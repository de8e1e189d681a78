using System.Collections.Immutable;

namespace QTrade.Solver;

/// <summary>What one pool is given and gives. All amounts are feasible as printed: the pool's own trading function accepts them exactly.</summary>
/// <param name="Pool">Index of the pool in the problem.</param>
/// <param name="Tender">Delta, what is given to the pool, per token in the pool's own order.</param>
/// <param name="Receive">Lambda, what the pool gives, per token in the pool's own order.</param>
/// <param name="MarginalPriceBefore">
/// Marginal price before the trade, without fees, of the pool's token 0 in units of its token 1; for a pool of more than two
/// tokens, of the token that most value is tendered in, in units of the token that most value is received in.
/// </param>
/// <param name="MarginalPriceAfter">The same after the trade.</param>
public sealed record RoutingTrade(
    int Pool,
    ImmutableArray<double> Tender,
    ImmutableArray<double> Receive,
    double MarginalPriceBefore,
    double MarginalPriceAfter);
