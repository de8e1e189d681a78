using QTrade.Markets;
using QTrade.Verification.Arithmetic;

namespace QTrade.Verification.Checks;

/// <summary>What the printed trades sum to: psi = sum A_i (Lambda_i - Delta_i), and the gross turnover sum A_i (Lambda_i + Delta_i), per token.</summary>
internal sealed class NetFlows
{
    public NetFlows(CheckedMarket market, List<(int Pool, PoolTrade Trade)> trades)
    {
        Psi = new Real[market.TokenCount];
        Gross = new Real[market.TokenCount];
        foreach ((int pool, PoolTrade trade) in trades)
        {
            ReadOnlySpan<int> tokens = market.TokensOf(pool);
            for (int a = 0; a < tokens.Length; a++)
            {
                Real tender = trade.Tender[a], receive = trade.Receive[a];
                Psi[tokens[a]] += receive - tender;
                Gross[tokens[a]] += receive + tender;
            }
        }
    }

    public Real[] Psi { get; }

    public Real[] Gross { get; }

    /// <summary>c . psi.</summary>
    public Real Profit(Market market)
    {
        Real profit = Real.Zero;
        for (int j = 0; j < Psi.Length; j++)
            profit += Psi[j] * market.Tokens[j].Value;
        return profit;
    }
}
