using QTrade.Verification.Arithmetic;
using QTrade.Verification.TradingSets;

namespace QTrade.Verification.Tests.TradingSets;

public sealed class ArbitrageSpecs
{
    private const int Seed = 77001;

    public static TheoryData<string> Kinds => new(SamplePools.Kinds);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_random_feasible_trade_is_worth_more_than_the_arbitrage(string kind)
    {
        Random random = Seeded.Random(Seed);
        int traded = 0;
        for (int i = 0; i < 20; i++)
        {
            TradingSet set = SamplePools.Make(kind, random, bounded: false);
            int k = SamplePools.TokensOf(kind);
            double[] tender = SamplePools.Numbers(k, () => random.Next(2) == 0 ? 0 : 200 * random.NextDouble() * random.NextDouble());
            double[] receive = SamplePools.Numbers(k, () => random.Next(3) == 0 ? 60 * random.NextDouble() * random.NextDouble() : 0);
            int tokenOut = random.Next(k);
            receive[tokenOut] = 0;
            if (!BestOutput.IsFeasible(set, tender, receive))
                continue;
            BestOutput.Of(set, tender, receive, tokenOut);
            traded += receive[tokenOut] > 0 ? 1 : 0;
            for (int j = 0; j < 4; j++)
            {
                double[] prices = SamplePools.Numbers(k, () => random.Next(12) == 0 ? 0 : 0.5 + random.NextDouble());
                Real worth = Worth(prices, tender, receive);
                Assert.True(set.Arbitrage(Reals(prices)) >= worth, $"seed {Seed}, case {i}: worth {worth}");
            }
        }
        Assert.True(traded > 3, $"seed {Seed}: only {traded} trades");
    }

    [Theory]
    [InlineData("product")]
    [InlineData("weighted2")]
    [InlineData("sum")]
    [InlineData("stable")]
    [InlineData("concentrated")]
    [InlineData("bins")]
    public void The_arbitrage_of_two_tokens_is_that_of_a_search_over_tenders(string kind)
    {
        Random random = Seeded.Random(Seed + 1);
        int positive = 0;
        for (int i = 0; i < 5; i++)
        {
            TradingSet set = SamplePools.Make(kind, random, bounded: false);
            double[] prices = [0.4 + random.NextDouble(), 0.4 + random.NextDouble()];
            double arbitrage = set.Arbitrage(Reals(prices)).ToDouble();
            double searched = Math.Max(Searched(set, prices, 0, 4000), Searched(set, prices, 1, 4000));
            Assert.True(Math.Abs(arbitrage - searched) <= 1e-6 * Math.Max(arbitrage, 1), $"seed {Seed + 1}, case {i}: {arbitrage:R} against {searched:R}");
            positive += arbitrage > 0 ? 1 : 0;
        }
        Assert.True(positive > 1, $"seed {Seed + 1}: only {positive} arbitrages");
    }

    [Theory]
    [InlineData("product")]
    [InlineData("weighted2")]
    [InlineData("sum")]
    [InlineData("stable")]
    [InlineData("concentrated")]
    [InlineData("bins")]
    public void A_trading_bound_clips_the_search(string kind)
    {
        for (int i = 0; i < 5; i++)
        {
            // The same pool twice, with and without bounds: the same draws in the same order.
            double mostOf0 = 5 + i, mostOf1 = 3 + 2 * i;
            TradingSet set = WithBounds(kind, i, [mostOf0, mostOf1]);
            Random random = Seeded.Random(Seed + 100 + i);
            double[] prices = [0.4 + random.NextDouble(), 0.4 + random.NextDouble()];
            double arbitrage = set.Arbitrage(Reals(prices)).ToDouble();
            double searched = Math.Max(Searched(set, prices, 0, mostOf0), Searched(set, prices, 1, mostOf1));
            Assert.True(Math.Abs(arbitrage - searched) <= 1e-6 * Math.Max(arbitrage, 1), $"case {i}: {arbitrage:R} against {searched:R}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Four_weighted_tokens_agree_with_a_minimisation_over_the_multiplier(bool bounded)
    {
        Random random = Seeded.Random(Seed + 2);
        for (int i = 0; i < 16; i++)
        {
            double gamma = 1 - 0.02 * random.NextDouble(), outFactor = 1 - 0.01 * random.NextDouble();
            double[] reserves = SamplePools.Numbers(4, () => 500 + 1000 * random.NextDouble());
            double[] weights = SamplePools.Numbers(4, () => 0.1 + random.NextDouble());
            double[] bounds = SamplePools.Numbers(4, () => bounded ? 300 * random.NextDouble() : double.PositiveInfinity);
            double[] prices = SamplePools.Numbers(4, () => 0.4 + random.NextDouble());
            var set = new WeightedSet(Terms(1 - gamma, 1 - outFactor, bounds), reserves, weights);
            double expected = Multiplied(gamma, outFactor, reserves, weights, bounds, prices);
            double arbitrage = set.Arbitrage(Reals(prices)).ToDouble();
            Assert.True(Math.Abs(arbitrage - expected) <= 1e-9 * Math.Max(1, expected), $"seed {Seed + 2}, case {i}: {arbitrage:R} against {expected:R}");
        }
    }

    [Fact]
    public void Two_weighted_tokens_of_equal_weight_are_a_product()
    {
        Random random = Seeded.Random(Seed + 3);
        for (int i = 0; i < 50; i++)
        {
            double[] reserves = SamplePools.Numbers(2, () => 1e3 * random.NextDouble());
            Real[] prices = Reals([random.NextDouble(), random.NextDouble()]);
            var terms = Terms(0.003, 0.001, i % 2 == 0 ? [] : [100 * random.NextDouble(), 100 * random.NextDouble()]);
            Real product = new ProductSet(terms, reserves).Arbitrage(prices);
            Real weighted = new WeightedSet(terms, reserves, [0.7, 0.7]).Arbitrage(prices);
            Assert.True(Real.Abs(product - weighted) <= Real.Max(product, 1) * 1e-60, $"{product} {weighted}");
        }
    }

    [Fact]
    public void A_one_tick_position_over_all_prices_is_nearly_a_product()
    {
        var terms = Terms(0.003, 0, []);
        var wide = new ConcentratedSet(terms, 2, [1e-60, 1e60], [Math.Sqrt(200.0 * 400.0)]);
        var product = new ProductSet(terms, [200, 400]);
        Real[] prices = Reals([3, 1]);
        Assert.True(Real.Abs(wide.Arbitrage(prices) - product.Arbitrage(prices)) < 1e-12);
    }

    [Fact]
    public void Known_answers_of_a_product_pool()
    {
        // Fee 0: (sqrt(nu_out Y) - sqrt(nu_in X))^2 = (sqrt(2 * 200) - sqrt(100))^2 = 100.
        var pool = new ProductSet(Terms(0, 0, []), [100, 200]);
        Assert.True(Real.Abs(pool.Arbitrage(Reals([1, 2])) - 100) < 1e-60);
        Assert.True(pool.Arbitrage(Reals([2, 1])).IsZero);
        // The token in is free: everything comes out.
        Assert.Equal(Real.From(400), pool.Arbitrage(Reals([0, 2])));
    }

    [Fact]
    public void An_empty_pool_and_one_without_a_reserve_trade_nothing()
    {
        var terms = Terms(0, 0, []);
        Real[] prices = Reals([1, 5]);
        Assert.True(new ProductSet(terms, [0, 0]).Arbitrage(prices).IsZero);
        Assert.True(new ProductSet(terms, [0, 10]).Arbitrage(prices).IsZero);
        Assert.True(new WeightedSet(terms, [0, 10], [1, 1]).Arbitrage(prices).IsZero);
        Assert.True(new StableSet(terms, [0, 10], 100, [1, 1]).Arbitrage(prices).IsZero);
        Assert.True(new SumSet(terms, [0, 10], [1, 1]).Arbitrage(prices) == 40);
        Assert.True(new SumSet(terms, [10, 0], [1, 1]).Arbitrage(prices).IsZero);
    }

    private static TradingTerms Terms(double fee, double feeOut, double[] bounds) => new(fee, feeOut, bounds, [], []);

    private static TradingSet WithBounds(string kind, int i, double[] bounds)
    {
        var terms = Terms(0.003 * (i % 3), 0.002 * (i % 2), bounds);
        double shift = i / 5.0;
        return kind switch
        {
            "product" => new ProductSet(terms, [100, 80 + 40 * shift]),
            "weighted2" => new WeightedSet(terms, [100, 80 + 40 * shift], [0.8, 0.2]),
            "sum" => new SumSet(terms, [100, 20], [1, 0.8 + shift]),
            "stable" => new StableSet(terms, [100, 60 + 80 * shift], 10, [1, 1.1]),
            "concentrated" => new ConcentratedSet(terms, 0.9 + 0.2 * shift, [0.5, 0.8, 0.95, 1.1, 2], [100, 0, 300, 50]),
            _ => new BinsSet(terms, [new(0.8, 0, 10, null), new(0.9, 0, 4, 0.01), new(1, 4, 5, null), new(1.1, 20, 0, 0)]),
        };
    }

    /// <summary>The best worth over tenders by a grid and golden section on the concave worth, asking only what is feasible.</summary>
    private static double Searched(TradingSet set, double[] prices, int tokenIn, double most)
    {
        double WorthAt(double amount)
        {
            double[] tender = [0, 0], receive = [0, 0];
            tender[tokenIn] = amount;
            return prices[1 - tokenIn] * BestOutput.Of(set, tender, receive, 1 - tokenIn) - prices[tokenIn] * amount;
        }
        double low = 0, high = most;
        for (int i = 0; i < 34; i++)
        {
            double a = low + (high - low) * 0.4, b = low + (high - low) * 0.6;
            if (WorthAt(a) < WorthAt(b))
                low = a;
            else
                high = b;
        }
        return Math.Max(0, Math.Max(WorthAt((low + high) / 2), WorthAt(most)));
    }

    /// <summary>min over mu of sum_j max over z_j of the Lagrangian, by golden section on log mu in doubles: strong duality.</summary>
    private static double Multiplied(double gamma, double outFactor, double[] reserves, double[] weights, double[] bounds, double[] prices)
    {
        double Lagrangian(double logMu)
        {
            double mu = Exp(logMu), total = 0;
            for (int j = 0; j < reserves.Length; j++)
            {
                double gainOut = prices[j] * reserves[j] * outFactor, costIn = prices[j] * reserves[j] / gamma;
                double receive = Math.Min(1, mu * weights[j] / gainOut);
                double tender = Math.Min(1 + gamma * bounds[j] / reserves[j], Math.Max(1, mu * weights[j] / costIn));
                total += Math.Max(gainOut * (1 - receive) + mu * weights[j] * Log(receive), mu * weights[j] * Log(tender) - costIn * (tender - 1));
            }
            return total;
        }
        double low = -5, high = 15;
        for (int i = 0; i < 110; i++)
        {
            double a = low + (high - low) * 0.382, b = low + (high - low) * 0.618;
            if (Lagrangian(a) > Lagrangian(b))
                low = a;
            else
                high = b;
        }
        return Math.Max(0, Lagrangian((low + high) / 2));
    }

    private static double Exp(double x) => RealFunctions.Exp(x).ToDouble();

    private static double Log(double x) => RealFunctions.Log(x).ToDouble();

    private static Real Worth(double[] prices, double[] tender, double[] receive)
    {
        Real worth = Real.Zero;
        for (int j = 0; j < prices.Length; j++)
            worth += (Real)prices[j] * ((Real)receive[j] - tender[j]);
        return worth;
    }

    private static Real[] Reals(double[] numbers) => [.. numbers.Select(Real.From)];
}
