using QTrade.Markets;
using QTrade.Markets.Files;

namespace QTrade.Node.Explanations;

/// <summary>A result and its explanation for people.</summary>
internal static class ExplanationText
{
    private const int IdlePoolsShown = 10;
    private const int ValuesShown = 3;
    private const double EarnedLeast = 1e-6;

    /// <summary>What came out.</summary>
    public static void WriteResult(Market market, MarketResult result, TextWriter output)
    {
        var text = new MarketText(market);
        output.WriteLine($"{market.Name}: {ResultFile.NameOf(result.Status)}, profit {MarketText.Number(result.Profit)} value units ({text.Values(ValuesShown)})");
        output.WriteLine($"no trade can earn more than {MarketText.Number(result.UpperBound)}: certified gap {result.Gap:0.0e+0}; {result.Iterations} iterations{Elapsed(result)}, {result.Solver}");
        if (market.Limits is { } limits && result.UnlimitedBound is { } unlimited)
            output.WriteLine($"the limits ({Limits(limits)}) cost {MarketText.Number(Math.Max(0, unlimited - result.Profit))}: without them no trade can earn more than {MarketText.Number(unlimited)}");
        if (!result.Trades.IsEmpty)
            output.WriteLine($"{result.Trades.Length} of {market.Pools.Length} pools trade and leave over {text.Amounts(Earned(market, result))}");
    }

    /// <summary>Pool by pool what goes in and out.</summary>
    public static void WriteTrades(Market market, ResultExplanation explanation, TextWriter output)
    {
        var text = new MarketText(market);
        foreach (TradeExplanation trade in explanation.Trades)
            output.WriteLine($"  {trade.Pool} ({trade.Kind}): {text.Amounts(trade.Tender)} -> {text.Amounts(trade.Receive)}");
    }

    /// <summary>Why: prices, fees, impact, shares; what limits the profit; what stays out and by how much.</summary>
    public static void WriteExplanation(Market market, ResultExplanation explanation, TextWriter output)
    {
        var text = new MarketText(market);
        output.WriteLine();
        output.WriteLine("Pools that trade (price moves, fee, price impact, share of the profit at dual prices):");
        foreach (TradeExplanation trade in explanation.Trades)
            WriteTrade(text, trade, output);
        output.WriteLine();
        output.WriteLine("Tokens (dual price: what one more would add to the profit; market value: what it is worth as profit):");
        foreach (TokenExplanation token in explanation.Tokens.Where(token => token.Trades))
            WriteToken(text, token, output);
        if (explanation.IdlePools.IsEmpty)
            return;
        output.WriteLine();
        output.WriteLine($"Pools left out, the nearest to trading first ({Math.Min(IdlePoolsShown, explanation.IdlePools.Length)} of {explanation.IdlePools.Length}):");
        foreach (IdlePoolExplanation idle in explanation.IdlePools.Take(IdlePoolsShown))
            WriteIdle(text, idle, market.Limits is not null, output);
    }

    /// <summary>The tokens with a value that the trades leave over, the most valuable first; dust of the others is no profit.</summary>
    private static IEnumerable<TokenAmount> Earned(Market market, MarketResult result) =>
        from token in market.Tokens.Zip(result.NetFlow)
        let value = token.First.Value * token.Second
        where value > result.Profit * EarnedLeast
        orderby value descending
        select new TokenAmount(token.First.Id, token.Second);

    private static string Limits(MarketLimits limits) =>
        (limits.MaxPools is { } most ? $"at most {most} pools, " : string.Empty) + $"{MarketText.Number(limits.CostPerPool)} per pool used";

    private static string Elapsed(MarketResult result) => result.ElapsedMs is { } milliseconds ? $" in {milliseconds:N1} ms" : string.Empty;

    private static void WriteTrade(MarketText text, TradeExplanation trade, TextWriter output)
    {
        string fee = trade.FeePaid.IsEmpty ? "no fee" : $"fee {text.Amounts(trade.FeePaid)} (worth {MarketText.Number(trade.FeeValue)})";
        string impact = trade.PriceImpact is { } part ? $"price impact {part:P3}" : "price impact not stated for more than two tokens";
        output.WriteLine($"  {trade.Pool} ({trade.Kind}): {text.Amounts(trade.Tender)} -> {text.Amounts(trade.Receive)}");
        output.WriteLine($"    marginal price {trade.MarginalPriceBefore:g8} -> {trade.MarginalPriceAfter:g8}, {fee}, {impact}, {trade.ProfitShare:P1} of the profit{Bounds(text, trade)}{Cost(trade)}");
    }

    private static string Bounds(MarketText text, TradeExplanation trade) =>
        trade.AtBound.IsEmpty ? string.Empty : $"; takes no more {string.Join(" and ", trade.AtBound.Select(text.Name))}: its trading bound binds";

    private static string Cost(TradeExplanation trade) => trade.Cost > 0 ? $"; costs {MarketText.Number(trade.Cost)} to use" : string.Empty;

    private static void WriteToken(MarketText text, TokenExplanation token, TextWriter output)
    {
        string why = token.Binds ? "binds: having more of it would earn more" : "does not bind: what is left over counts at its market value";
        output.WriteLine(
            $"  {text.Name(token.Token)}: dual price {MarketText.Number(text.WholePrice(token.Token, token.DualPrice))}, market value "
            + $"{MarketText.Number(text.WholePrice(token.Token, token.MarketValue))}; {why}");
    }

    private static void WriteIdle(MarketText text, IdlePoolExplanation idle, bool limited, TextWriter output) =>
        output.WriteLine(idle switch
        {
            { TokenIn: { } tokenIn, TokenOut: { } tokenOut, Distance: >= 0 and { } distance } =>
                $"  {idle.Pool}: {text.Name(tokenIn)} -> {text.Name(tokenOut)} would have to fetch {distance:P3} more of its worth",
            { TokenIn: { } tokenIn, TokenOut: { } tokenOut } =>
                $"  {idle.Pool}: {text.Name(tokenIn)} -> {text.Name(tokenOut)} would pay, but {(limited ? "the limits leave it out" : "adds less than the certified gap leaves open")}",
            _ => $"  {idle.Pool}: can give nothing at these prices",
        });
}
