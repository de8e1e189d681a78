using System.Collections.Immutable;
using QTrade.Markets;

namespace QTrade.Node.Explanations;

/// <summary>What one pool does in a result.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Tender">What it is given.</param>
/// <param name="Receive">What it gives.</param>
/// <param name="MarginalPriceBefore">Its marginal price before the trade, as the result prints it.</param>
/// <param name="MarginalPriceAfter">The same after it.</param>
/// <param name="FeePaid">The part of the tender that is fee.</param>
/// <param name="FeeValue">The fee at the result's dual prices, in value units.</param>
/// <param name="PriceImpact">1 - (receive / tender) / price before, 0 to 1; null where more than two tokens move.</param>
/// <param name="ProfitShare">
/// Its part of the profit, 0 to 1: nu . (Lambda - Delta) of this pool over the sum of all. At the optimum that sum is the profit (plus
/// what holdings are worth above their value).
/// </param>
/// <param name="AtBound">The tokens of which it is given as much as its trading bound allows.</param>
/// <param name="Cost">What using it costs under the market's limits, in value units; 0 without.</param>
public sealed record TradeExplanation(
    PoolId Pool,
    string Kind,
    ImmutableArray<TokenAmount> Tender,
    ImmutableArray<TokenAmount> Receive,
    double MarginalPriceBefore,
    double MarginalPriceAfter,
    ImmutableArray<TokenAmount> FeePaid,
    double FeeValue,
    double? PriceImpact,
    double ProfitShare,
    ImmutableArray<TokenId> AtBound,
    double Cost);
