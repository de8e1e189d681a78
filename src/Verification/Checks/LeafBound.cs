using QTrade.Markets;
using QTrade.Verification.Arithmetic;

namespace QTrade.Verification.Checks;

/// <summary>
/// What no choice of pools in a leaf can earn: the dual at the leaf's prices of any chosen pools, less their cost, is at most the sum over forced in
/// of (arb_i - cost), plus the (maxPools - forced in) largest positive (arb_i - cost) of the free pools, plus (nu - c).h.
/// </summary>
internal sealed class LeafBound
{
    public LeafBound(CheckedMarket market, MarketLimits limits, CheckedLeaf leaf)
    {
        var nu = new Real[leaf.Prices.Length];
        for (int j = 0; j < nu.Length; j++)
            nu[j] = leaf.Prices[j];
        for (int j = 0; j < nu.Length; j++)
        {
            Token token = market.Market.Tokens[j];
            if (token.Holding != 0)
                Add((nu[j] - token.Value) * token.Holding);
        }

        var forcedOut = leaf.ForcedOut.ToHashSet();
        var forcedIn = leaf.ForcedIn.ToHashSet();
        var free = new List<Real>();
        for (int i = 0; i < market.PoolCount; i++)
        {
            if (forcedOut.Contains(i) || market.SetOf(i) is not { } set)
                continue;
            Real excess = set.Arbitrage(market.Local(i, nu)) - limits.CostPerPool;
            if (forcedIn.Contains(i))
                Add(excess);
            else if (excess.Sign > 0)
                free.Add(excess);
        }

        free.Sort((a, b) => b.CompareTo(a));
        int open = limits.MaxPools is { } most ? Math.Max(0, most - leaf.ForcedIn.Length) : free.Count;
        foreach (Real excess in free.Take(open))
            Add(excess);
    }

    public Real Value { get; private set; } = Real.Zero;

    /// <summary>Sum of the magnitudes of what was added: what rounding the sum to a double is judged against.</summary>
    public Real Size { get; private set; } = Real.Zero;

    private void Add(Real term)
    {
        Value += term;
        Size += Real.Abs(term);
    }
}
