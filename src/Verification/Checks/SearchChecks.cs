using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Verification.Arithmetic;
using static System.FormattableString;

namespace QTrade.Verification.Checks;

/// <summary>With limits: the trade keeps them, each leaf's prices prove its bound, and the leaves cover every choice of pools.</summary>
internal static class SearchChecks
{
    private const double Floor = 1e-9;
    private const double Tolerance = 1e-10;

    /// <summary>A sum of doubles in double-double that is rounded up once may be this part of its terms' sizes above.</summary>
    private const double Rounding = 1e-15;

    /// <summary>The part of the upper bound that a leaf's bound may be off.</summary>
    private const double Beside = 1e-12;

    public static VerificationCheck Limits(MarketLimits limits, MarketResult result)
    {
        int used = result.Trades.IsDefault ? 0 : result.Trades.Length;
        bool ok = !(used > limits.MaxPools);
        return new(CheckName.Limits, ok, used, null, ok
            ? Invariant($"{used} pools trade{(limits.MaxPools is { } most ? Invariant($" of at most {most}") : "")}")
            : Invariant($"{used} pools trade; at most {limits.MaxPools} may"));
    }

    /// <summary>The leaves that the arithmetic can judge; any that it cannot fails the check.</summary>
    public static VerificationCheck Search(CheckedMarket market, MarketResult result, out MarketSearch? search, out List<CheckedLeaf> leaves)
    {
        search = null;
        leaves = [];
        if (result.Search is null)
            return new(CheckName.Search, false, 0, null, "the search is missing; with limits the upper bound is that of its leaves");
        if (!SearchText.TryRead(result.Search, out search, out string? fault))
            return new(CheckName.Search, false, 0, null, fault);
        for (int k = 0; k < search.Leaves.Length; k++)
        {
            if (Leaf(market, search.Leaves[k], k, out string? flaw) is not { } leaf)
                return new(CheckName.Search, false, 0, Where(k), $"{Where(k)}: {flaw}");
            leaves.Add(leaf);
        }

        return new(CheckName.Search, true, 0, null, Invariant($"{leaves.Count} leaves of pools and prices of this market"));
    }

    /// <summary>
    /// Each printed bound is that of the leaf's prices. The upper bound is held against the bounds recomputed here, so a printed one may blur what
    /// does not show beside it.
    /// </summary>
    public static VerificationCheck Leaves(CheckedMarket market, MarketLimits limits, MarketResult result, List<CheckedLeaf> leaves, out Real? largest)
    {
        largest = null;
        Real beside = double.IsFinite(result.UpperBound) ? Real.Abs(result.UpperBound) * Beside : Real.Zero;
        var worst = new WorstCase();
        foreach (CheckedLeaf leaf in leaves)
        {
            var bound = new LeafBound(market, limits, leaf);
            largest = largest is { } sofar ? Real.Max(sofar, bound.Value) : bound.Value;
            Real error = Real.Abs(leaf.Bound - bound.Value);
            if (error > Allowed(bound.Value, bound.Size) + beside)
                worst.Meet((error / Real.Max(Real.Abs(bound.Value), Floor)).ToDouble(), Where(leaf.Place));
        }

        bool ok = worst.Where is null;
        return new(CheckName.Leaves, ok, worst.Value, worst.Where, ok
            ? "every leaf's prices prove its bound"
            : Invariant($"the bound of {worst.Where} is not that of its prices: off by {worst.Value:G3}, relative"));
    }

    public static VerificationCheck Cover(CheckedMarket market, MarketLimits limits, List<CheckedLeaf> leaves)
    {
        string? flaw = LeafCover.Flaw(market, limits.MaxPools, leaves);
        return new(CheckName.Cover, flaw is null, 0, null, flaw ?? "the leaves cover every choice of pools");
    }

    /// <summary>The printed upper bound is the largest leaf's.</summary>
    public static VerificationCheck UpperBound(MarketResult result, List<CheckedLeaf> leaves, Real? largest)
    {
        if (largest is not { } bound || !double.IsFinite(result.UpperBound))
            return new(CheckName.UpperBound, false, 0, null, largest is null ? "without leaves there is no bound to compare with" : "upperBound is not finite");
        double printed = leaves.Max(leaf => leaf.Bound);
        Real excess = result.UpperBound - bound;
        bool ok = excess.Sign >= 0 && result.UpperBound <= printed + Tolerance * Math.Max(Math.Abs(printed), Floor);
        double relative = (excess / Real.Max(Real.Abs(bound), Floor)).ToDouble();
        return new(CheckName.UpperBound, ok, relative, null, Invariant(ok
            ? (FormattableString)$"the leaves prove that no trade within the limits earns more than {result.UpperBound:R}"
            : $"the largest leaf's bound is {bound.ToDouble():R}, the printed upper bound {result.UpperBound:R} is {(excess.Sign < 0 ? "below" : "above")} it by {Math.Abs(relative):G3}"));
    }

    /// <summary>The bound without limits is the dual at the prices given for it.</summary>
    public static VerificationCheck Unlimited(CheckedMarket market, MarketResult result, MarketSearch? search)
    {
        if (result.UnlimitedBound is not { } printed || !double.IsFinite(printed))
            return new(CheckName.UnlimitedBound, false, 0, null, "unlimitedBound is missing or not finite");
        if (search is null || Flaw(market, search.UnlimitedPrices) is not null)
            return new(CheckName.UnlimitedBound, false, 0, null, $"unlimitedPrices: {(search is null ? "there is no search" : Flaw(market, search.UnlimitedPrices))}");
        Real dual = new DualBound(market, search.UnlimitedPrices.AsSpan()).Value;
        Real excess = printed - dual;
        bool ok = excess.Sign >= 0 && excess <= Allowed(dual, dual);
        double relative = (excess / Real.Max(Real.Abs(dual), Floor)).ToDouble();
        return new(CheckName.UnlimitedBound, ok, relative, null, Invariant(ok
            ? (FormattableString)$"without limits no trade earns more than {printed:R}"
            : $"the dual without limits is {dual.ToDouble():R}, not {printed:R}"));
    }

    private static Real Allowed(Real bound, Real size) => Real.Max(Real.Abs(bound), Floor) * Tolerance + size * Rounding;

    private static CheckedLeaf? Leaf(CheckedMarket market, MarketSearchLeaf leaf, int place, out string? flaw)
    {
        flaw = Flaw(market, leaf.Prices);
        var pools = new HashSet<int>();
        var forcedIn = Indices(market, leaf.ForcedIn, pools, ref flaw);
        var forcedOut = Indices(market, leaf.ForcedOut, pools, ref flaw);
        return flaw is null ? new(place, forcedIn, forcedOut, leaf.Prices, leaf.Bound) : null;
    }

    private static ImmutableArray<int> Indices(CheckedMarket market, ImmutableArray<PoolId> ids, HashSet<int> seen, ref string? flaw)
    {
        var indices = ImmutableArray.CreateBuilder<int>(ids.Length);
        foreach (PoolId id in ids)
        {
            if (!market.TryFind(id, out int index))
                flaw ??= $"this market has no pool '{id}'";
            else if (!seen.Add(index))
                flaw ??= $"pool '{id}' is decided twice";
            indices.Add(index);
        }

        return indices.MoveToImmutable();
    }

    private static string? Flaw(CheckedMarket market, ImmutableArray<double> prices)
    {
        if (prices.IsDefault || prices.Length != market.TokenCount)
            return Invariant($"{(prices.IsDefault ? 0 : prices.Length)} prices for {market.TokenCount} tokens; one each is needed, in the market's order");
        for (int j = 0; j < prices.Length; j++)
        {
            Token token = market.Market.Tokens[j];
            if (!double.IsFinite(prices[j]) || prices[j] < token.Value)
                return Invariant($"the price of token '{token.Id}' is {prices[j]:R}; it must be at least the token's value");
        }

        return null;
    }

    private static string Where(int place) => Invariant($"leaves[{place}]");
}
