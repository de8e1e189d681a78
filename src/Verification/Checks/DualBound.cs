using QTrade.Markets;
using QTrade.Verification.Arithmetic;

namespace QTrade.Verification.Checks;

/// <summary>
/// The dual D(nu) = sum_i arb_i(A_i' nu) + (nu - c).h (Diamandis, Resnick, Chitra, Angeris, arXiv 2302.04938): for every nu >= c an upper bound
/// on the profit of any feasible trade.
/// </summary>
internal sealed class DualBound
{
    public DualBound(CheckedMarket market, ReadOnlySpan<double> prices)
    {
        var nu = new Real[prices.Length];
        for (int j = 0; j < nu.Length; j++)
            nu[j] = prices[j];
        Arbitrages = new Real[market.PoolCount];
        Real bound = Real.Zero;
        for (int i = 0; i < market.PoolCount; i++)
        {
            if (market.SetOf(i) is not { } set)
                continue;
            Arbitrages[i] = set.Arbitrage(market.Local(i, nu));
            bound += Arbitrages[i];
        }
        for (int j = 0; j < nu.Length; j++)
        {
            Token token = market.Market.Tokens[j];
            if (token.Holding != 0)
                bound += (nu[j] - token.Value) * token.Holding;
        }
        Value = bound;
    }

    public Real Value { get; }

    /// <summary>arb_i at the prices, one per pool.</summary>
    public Real[] Arbitrages { get; }
}
