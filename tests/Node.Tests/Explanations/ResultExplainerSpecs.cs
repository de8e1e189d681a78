using QTrade.Markets;
using QTrade.Node.Explanations;

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
