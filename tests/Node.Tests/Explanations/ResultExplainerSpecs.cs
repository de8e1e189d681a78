using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Node.Explanations;
using QTrade.Shared.MarketFamilies;
using QTrade.Solver;
using QTrade.Trading.Problems;

namespace QTrade.Node.Tests.Explanations;

public sealed class ResultExplainerSpecs
{
    private const double Tolerance = 1e-9;
    private static readonly TokenId Dollar = new("USD");
    private static readonly TokenId Coin = new("COIN");

    /// <summary>A coin is cheap in one pool and dear in the other; a third pool is between them and stays out.</summary>
    private static readonly Market Market = new()
    {
        Name = "two prices",
        Units = AmountUnit.Whole,
        Tokens = [new Token { Id = Dollar, Value = 1 }, new Token { Id = Coin, Value = 0 }],
        Pools =
        [
            Product("cheap", fee: 0.01, dollars: 10_000, coins: 10_000),
            Product("dear", fee: 0.02, dollars: 12_000, coins: 10_000),
            Product("between", fee: 0.1, dollars: 10_900, coins: 10_000),
        ],
    };

    private static readonly ResultExplanation Explanation = ResultExplainer.Explain(Market, Result());

    [Fact]
    public void A_trade_states_fee_price_impact_and_its_share_of_the_profit()
    {
        TradeExplanation cheap = Explanation.Trades[0];

        Assert.Equal([new TokenAmount(Dollar, 100)], cheap.Tender.AsEnumerable());
        TokenAmount fee = Assert.Single(cheap.FeePaid);
        Assert.Equal(Dollar, fee.Token);
        Assert.Equal(1, fee.Amount, Tolerance);
        Assert.Equal(1, cheap.FeeValue, Tolerance);
        Assert.Equal(1 - 10_000.0 / 10_099, cheap.PriceImpact!.Value, Tolerance);
        Assert.Equal(1, Explanation.Trades.Sum(trade => trade.ProfitShare), Tolerance);
    }

    [Fact]
    public void A_share_is_what_the_pool_gives_less_what_it_takes_at_dual_prices()
    {
        double coins = Received(0.01, 10_000, 10_000, 100);
        double dollars = Received(0.02, 10_000, 12_000, coins);
        double cheap = coins * 1.08 - 100, dear = dollars - coins * 1.08;

        Assert.Equal(cheap / (cheap + dear), Explanation.Trades[0].ProfitShare, Tolerance);
    }

    [Fact]
    public void A_token_binds_where_its_dual_price_is_above_its_value()
    {
        Assert.False(Explanation.Tokens.Single(token => token.Token == Dollar).Binds);
        TokenExplanation coin = Explanation.Tokens.Single(token => token.Token == Coin);
        Assert.True(coin.Binds);
        Assert.Equal((1.08, 0.0), (coin.DualPrice, coin.MarketValue));
    }

    [Fact]
    public void A_pool_left_out_states_how_far_its_price_is_from_trading()
    {
        IdlePoolExplanation idle = Assert.Single(Explanation.IdlePools);

        Assert.Equal((new PoolId("between"), (TokenId?)Coin, (TokenId?)Dollar), (idle.Pool, idle.TokenIn, idle.TokenOut));
        Assert.Equal(1 - 0.9 * 1.09 / 1.08, idle.Distance!.Value, Tolerance);
    }

    [Fact]
    public void A_pool_left_out_although_it_would_pay_is_said_to_add_too_little()
    {
        ResultExplanation dust = ResultExplainer.Explain(Market, Result() with { Prices = [1, 0.8] });
        using var text = new StringWriter();
        ExplanationText.WriteExplanation(Market, dust, text);

        Assert.Equal(1 - 0.9 * 1.09 / 0.8, Assert.Single(dust.IdlePools).Distance!.Value, Tolerance);
        Assert.Contains("between: COIN -> USD would pay, but adds less than the certified gap leaves open", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_and_json_tell_all_three()
    {
        using var text = new StringWriter();
        ExplanationText.WriteExplanation(Market, Explanation, text);
        string json = ExplanationJson.Write(Explanation);

        Assert.Contains("cheap (product): 100 USD -> ", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("COIN: dual price 1.08, market value 0; binds", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("between: COIN -> USD would have to fetch 9.167", text.ToString(), StringComparison.Ordinal);
        using var document = System.Text.Json.JsonDocument.Parse(json);
        Assert.Equal(2, document.RootElement.GetProperty("pools").GetArrayLength());
        Assert.Equal("between", document.RootElement.GetProperty("leftOut")[0].GetProperty("pool").GetString());
        Assert.True(document.RootElement.GetProperty("tokens")[1].GetProperty("binds").GetBoolean());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    public void Every_kind_of_pool_is_explained_with_limits_and_without(int? mostPools)
    {
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        foreach (string family in (string[])["hubmixed", "hubmulti", "bounded", "outfees", "stable"])
        {
            for (int seed = 1; seed <= 5; seed++)
            {
                Market market = MarketFamily.Make(family, 30, seed);
                double cost = 1e-6 * MarketSolver.Solve(market, "", SolverStart.Cold).Profit;
                if (mostPools is not null)
                    market = market with { Limits = new MarketLimits(mostPools, cost) };
                MarketResult result = MarketSolver.Solve(market, "", SolverStart.Cold);
                ResultExplanation explanation = ResultExplainer.Explain(market, result);

                Assert.Equal(result.Trades.Length, explanation.Trades.Length);
                Assert.Equal(market.Pools.Length, explanation.Trades.Length + explanation.IdlePools.Length);
                Assert.Equal(market.Tokens.Length, explanation.Tokens.Length);
                if (result.Trades.Length > 0)
                    Assert.Equal(1, explanation.Trades.Sum(trade => trade.ProfitShare), 1e-6);
                foreach (TradeExplanation trade in explanation.Trades)
                {
                    kinds.Add(trade.Kind);
                    Assert.True(trade.MarginalPriceBefore > 0 && trade.MarginalPriceAfter > 0, $"{market.Name}, {trade.Pool}");
                    Assert.True(trade.FeeValue >= 0 && trade.PriceImpact is null or (>= 0 and <= 1), $"{market.Name}, {trade.Pool}: {trade.PriceImpact}");
                    Assert.Equal(mostPools is null ? 0 : cost, trade.Cost);
                }

                Assert.All(explanation.Tokens, token => Assert.True(token.DualPrice >= token.MarketValue && double.IsFinite(token.DualPrice)));
                using var text = new StringWriter();
                ExplanationText.WriteExplanation(market, explanation, text);
                using var json = System.Text.Json.JsonDocument.Parse(ExplanationJson.Write(explanation));
                Assert.DoesNotContain("NaN", text.ToString(), StringComparison.Ordinal);
            }
        }

        Assert.Superset(new HashSet<string>(["product", "weighted", "concentrated", "stable"], StringComparer.Ordinal), kinds);
        if (mostPools is null)
            Assert.Equal(6, kinds.Count);
    }

    [Fact]
    public void Fees_of_a_token_are_part_of_what_a_trade_paid()
    {
        Market charged = Market with
        {
            Pools = [.. Market.Pools.Select((pool, i) => i == 0 ? pool with { TokenFees = [0.005, 0.4], TokenFeesOut = [0.4, 0.002] } : pool)],
        };
        MarketResult result = MarketSolver.Solve(charged, "", SolverStart.Cold);
        TradeExplanation cheap = ResultExplainer.Explain(charged, result).Trades[0];
        PoolTrade trade = result.Trades[0];

        Assert.Equal([Dollar, Coin], cheap.FeePaid.Select(fee => fee.Token));
        Assert.Equal(trade.Tender[0] * (1 - (0.99 * 0.995)), cheap.FeePaid[0].Amount, Tolerance);
        Assert.Equal(trade.Receive[1] * 0.002 / 0.998, cheap.FeePaid[1].Amount, Tolerance);
    }

    [Fact]
    public void Fees_of_a_token_are_part_of_what_a_trade_of_several_tokens_paid()
    {
        ImmutableArray<TokenId> tokens = [Dollar, Coin, new("THIRD")];
        Market market = new()
        {
            Name = "basket",
            Units = AmountUnit.Whole,
            Tokens = [.. tokens.Select((token, i) => new Token { Id = token, Value = i + 1, Holding = i == 0 ? 500 : 0 })],
            Pools =
            [
                new Pool
                {
                    Id = new PoolId("basket"),
                    Tokens = tokens,
                    Fee = 0.01,
                    TokenFees = [0.005, 0, 0],
                    TokenFeesOut = [0, 0.002, 0.003],
                    Curve = new WeightedCurve([1000, 1000, 1000], [1, 1, 1]),
                },
            ],
        };
        MarketResult result = MarketSolver.Solve(market, "", SolverStart.Cold);
        PoolTrade trade = Assert.Single(result.Trades);
        TradeExplanation explained = Assert.Single(ResultExplainer.Explain(market, result).Trades);

        double[] expected = [trade.Tender[0] * (1 - (0.99 * 0.995)), trade.Receive[1] * 0.002 / 0.998, trade.Receive[2] * 0.003 / 0.997];
        Assert.Equal(2, trade.Receive.Count(amount => amount > 0));
        Assert.Equal(tokens, explained.FeePaid.Select(fee => fee.Token));
        Assert.All(expected.Zip(explained.FeePaid), pair => Assert.Equal(pair.First, pair.Second.Amount, Tolerance));
    }

    [Fact]
    public void A_pool_at_its_trading_bound_says_so()
    {
        Market bounded = Market with { Pools = [.. Market.Pools.Select((pool, i) => i == 0 ? pool with { MaxTender = [50, double.PositiveInfinity] } : pool)] };
        ResultExplanation explanation = ResultExplainer.Explain(bounded, MarketSolver.Solve(bounded, "", SolverStart.Cold));
        using var text = new StringWriter();
        ExplanationText.WriteExplanation(bounded, explanation, text);

        Assert.Equal([Dollar], explanation.Trades[0].AtBound.AsEnumerable());
        Assert.Contains("takes no more USD: its trading bound binds", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pool_that_limits_leave_out_says_so()
    {
        Market limited = Market with { Pools = [.. Market.Pools, Product("dearer", fee: 0.02, dollars: 12_500, coins: 10_000)], Limits = new MarketLimits(2, 0.5) };
        ResultExplanation explanation = ResultExplainer.Explain(limited, MarketSolver.Solve(limited, "", SolverStart.Cold));
        using var text = new StringWriter();
        ExplanationText.WriteExplanation(limited, explanation, text);

        Assert.Contains("dear: COIN -> USD would pay, but the limits leave it out", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("; costs 0.5 to use", text.ToString(), StringComparison.Ordinal);
    }

    private static Pool Product(string id, double fee, double dollars, double coins) =>
        new() { Id = new PoolId(id), Tokens = [Dollar, Coin], Fee = fee, MaxTender = [], Curve = new ProductCurve([dollars, coins]) };

    private static double Received(double fee, double reserveIn, double reserveOut, double tender) =>
        reserveOut * tender * (1 - fee) / (reserveIn + tender * (1 - fee));

    private static MarketResult Result()
    {
        double coins = Received(0.01, 10_000, 10_000, 100);
        double dollars = Received(0.02, 10_000, 12_000, coins);
        return new MarketResult
        {
            Market = Market.Name,
            MarketHash = string.Empty,
            Solver = "by hand",
            Status = ResultStatus.Inaccurate,
            Profit = dollars - 100,
            UpperBound = dollars,
            Gap = 1,
            Prices = [1, 1.08],
            NetFlow = [dollars - 100, 0],
            Trades =
            [
                new PoolTrade(new PoolId("cheap"), [100, 0], [0, coins], 1, 1.01),
                new PoolTrade(new PoolId("dear"), [0, coins], [dollars, 0], 1.2, 1.18),
            ],
            Iterations = 1,
        };
    }
}
