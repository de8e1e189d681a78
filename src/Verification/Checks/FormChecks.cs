using System.Collections.Immutable;
using QTrade.Markets;
using static System.FormattableString;

namespace QTrade.Verification.Checks;

/// <summary>What can be said of a result before any arithmetic: names, counts, finite numbers, trades that belong to the market.</summary>
internal static class FormChecks
{
    public static VerificationCheck Name(Market market, MarketResult result)
    {
        bool ok = result.Market == market.Name;
        return new(CheckName.Market, ok, 0, null, ok ? $"answers market '{market.Name}'" : $"answers market '{result.Market}', not '{market.Name}'");
    }

    public static VerificationCheck Hash(string marketHash, MarketResult result)
    {
        bool ok = string.Equals(result.MarketHash, marketHash, StringComparison.OrdinalIgnoreCase);
        string text = ok
            ? "the hash is that of the market's bytes"
            : $"was computed for other bytes: it carries hash {result.MarketHash}, the market's is {marketHash}; solve this market again";
        return new(CheckName.MarketHash, ok, 0, null, text);
    }

    public static VerificationCheck Finite(MarketResult result)
    {
        string? bad = NotFinite(result).FirstOrDefault();
        return new(CheckName.Finite, bad is null, 0, bad, bad is null ? "every number is finite" : $"{bad} is missing or not finite");
    }

    /// <summary>Prices are usable by the arithmetic (count, finite, not negative) and not below the tokens' values.</summary>
    public static VerificationCheck Prices(Market market, MarketResult result, out bool usable)
    {
        usable = false;
        if (result.Prices.IsDefault || result.Prices.Length != market.Tokens.Length)
        {
            int count = result.Prices.IsDefault ? 0 : result.Prices.Length;
            return new(CheckName.Prices, false, 0, null, Invariant($"{count} prices for {market.Tokens.Length} tokens; one each is needed, in the market's order"));
        }
        var worst = new WorstCase();
        for (int j = 0; j < market.Tokens.Length; j++)
        {
            Token token = market.Tokens[j];
            double price = result.Prices[j];
            if (!double.IsFinite(price) || price < 0)
                return new(CheckName.Prices, false, 0, token.Id.Value, Invariant($"the price of token '{token.Id}' is {price:R}"));
            if (price < token.Value)
                worst.Meet((token.Value - price) / token.Value, token.Id.Value);
        }
        usable = true;
        bool ok = worst.Where is null;
        string text = ok ? "no price is below its token's value" : Invariant($"the price of token '{worst.Where}' is below its value by {worst.Value:G3}, relative");
        return new(CheckName.Prices, ok, worst.Value, worst.Where, text);
    }

    /// <summary>The trades that the arithmetic can judge, each with its pool's index; those that it cannot fail the check.</summary>
    public static VerificationCheck Trades(CheckedMarket market, MarketResult result, out List<(int Pool, PoolTrade Trade)> trades)
    {
        trades = [];
        string? where = null, flaw = null;
        var seen = new HashSet<int>();
        foreach (PoolTrade? trade in result.Trades.IsDefault ? [] : result.Trades)
        {
            string? found = Flaw(market, trade, seen, out int pool);
            if (found is null)
                trades.Add((pool, trade));
            else if (flaw is null)
                (where, flaw) = (trade?.Pool.Value, found);
        }
        if (result.Trades.IsDefault)
            flaw = "the list of trades is missing";
        return new(CheckName.Trades, flaw is null, 0, where, flaw ?? Invariant($"{trades.Count} trades, each of a pool of this market"));
    }

    private static string? Flaw(CheckedMarket market, PoolTrade? trade, HashSet<int> seen, out int pool)
    {
        pool = -1;
        if (trade?.Pool.Value is null)
            return "a trade names no pool";
        string name = $"the trade of pool '{trade.Pool}'";
        if (!market.TryFind(trade.Pool, out pool))
            return $"{name}: this market has no such pool";
        if (!seen.Add(pool))
            return $"{name} is there twice";
        int tokens = market.TokensOf(pool).Length;
        if (!HasAmounts(trade.Tender, tokens) || !HasAmounts(trade.Receive, tokens))
            return Invariant($"{name} needs {tokens} finite amounts, none negative, in 'tender' and in 'receive'");
        return null;
    }

    private static bool HasAmounts(ImmutableArray<double> amounts, int count) =>
        !amounts.IsDefault && amounts.Length == count && amounts.All(amount => double.IsFinite(amount) && amount >= 0);

    private static IEnumerable<string> NotFinite(MarketResult result)
    {
        if (!double.IsFinite(result.Profit))
            yield return "profit";
        if (!double.IsFinite(result.UpperBound))
            yield return "upperBound";
        if (!double.IsFinite(result.Gap))
            yield return "gap";
        if (result.ElapsedMs is { } elapsed && !double.IsFinite(elapsed))
            yield return "elapsedMs";
        if (result.UnlimitedBound is { } unlimited && !double.IsFinite(unlimited))
            yield return "unlimitedBound";
        if (!AllFinite(result.Prices))
            yield return "prices";
        if (!AllFinite(result.NetFlow))
            yield return "netFlow";
        foreach (PoolTrade? trade in result.Trades.IsDefault ? [] : result.Trades)
        {
            if (trade is null || !AllFinite(trade.Tender) || !AllFinite(trade.Receive)
                || !double.IsFinite(trade.MarginalPriceBefore) || !double.IsFinite(trade.MarginalPriceAfter))
                yield return $"trade of pool '{trade?.Pool.Value}'";
        }
    }

    private static bool AllFinite(ImmutableArray<double> numbers) => !numbers.IsDefault && numbers.All(double.IsFinite);
}
