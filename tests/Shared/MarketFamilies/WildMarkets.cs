using System.Collections.Immutable;
using QTrade.Markets;

namespace QTrade.Shared.MarketFamilies;

/// <summary>
/// Every legal number drawn by itself, so that nothing fits anything: reserves of 1e-12 to 1e20, fees up to 0.9999, weights a thousand to one over two to six
/// tokens, amplifications of 1 to a million, one tick interval to 10,000, bins of any price, bounds from 0 up, empty, one-sided and repeated
/// pools, tokens that nobody trades. What can be earned may be 1e30 or nothing.
/// </summary>
internal sealed class WildMarkets
{
    private readonly Draws draws;
    private readonly int tokens;

    private WildMarkets(int pools, int seed)
    {
        draws = new Draws(((ulong)seed * 1_000_003) + 90_001);
        tokens = Math.Max(3, pools / draws.One(1, 2, 3));
    }

    public static Market Make(int pools, int seed) => new WildMarkets(pools, seed).Make(pools);

    private Market Make(int pools)
    {
        double valued = draws.One(0.2, 0.5, 1);
        double held = draws.One(0, 0.1, 0.5);
        double bounded = draws.One(0, 0.2, 0.7);
        var made = ImmutableArray.CreateBuilder<Pool>(pools);
        for (int i = 0; i < pools; i++)
            made.Add(i > 0 && draws.Chance(0.05) ? made[draws.Below(i)] with { Id = new($"p{i}") } : Pool(i, bounded));
        return new Market
        {
            Name = "wild",
            Tokens = [.. Enumerable.Range(0, tokens).Select(j => new Token
            {
                Id = new($"t{j}"),
                Value = j == 0 || draws.Chance(valued) ? draws.PowerOfTen(-9, 5) : 0,
                Holding = draws.Chance(held) ? draws.PowerOfTen(-9, 12) : 0,
            })],
            Pools = made.ToImmutable(),
        };
    }

    private Pool Pool(int i, double bounded)
    {
        PoolCurve curve = draws.Below(12) switch
        {
            0 or 1 => new WeightedCurve([Reserve(), Reserve()], [draws.PowerOfTen(-3, 0), draws.PowerOfTen(-3, 0)]),
            2 => ManyTokens(),
            3 or 4 => new SumCurve([Reserve(), Reserve()], [draws.PowerOfTen(-6, 6), draws.PowerOfTen(-6, 6)]),
            5 or 6 => new StableCurve([Reserve(), Reserve()], draws.PowerOfTen(0, 6), [draws.PowerOfTen(-6, 6), draws.PowerOfTen(-6, 6)]),
            7 or 8 => Concentrated(),
            9 => Bins(),
            _ => new ProductCurve([Reserve(), Reserve()]),
        };
        int count = curve is WeightedCurve weighted ? weighted.Reserves.Length : 2;
        return new Pool
        {
            Id = new($"p{i}"),
            Tokens = Different(count),
            Fee = Fee(),
            FeeOut = draws.Chance(0.3) ? Fee() : 0,
            MaxTender = draws.Chance(bounded) ? [.. Enumerable.Range(0, count).Select(_ => Bound())] : [],
            Curve = curve,
        };
    }

    private ImmutableArray<TokenId> Different(int count)
    {
        var chosen = ImmutableArray.CreateBuilder<TokenId>(count);
        while (chosen.Count < count)
        {
            TokenId token = new($"t{draws.Below(tokens)}");
            if (!chosen.Contains(token))
                chosen.Add(token);
        }
        return chosen.MoveToImmutable();
    }

    private double Reserve() => draws.Chance(0.03) ? 0 : draws.PowerOfTen(-12, 20);

    private double Fee() => draws.One(0, 1e-12, 1e-4, 0.003, draws.Unit() * 0.9999, 0.9999);

    private double Bound() => draws.One(0, double.PositiveInfinity, draws.PowerOfTen(-12, 20), draws.PowerOfTen(-12, 20));

    private WeightedCurve ManyTokens()
    {
        int count = Math.Min(tokens, 2 + draws.Below(5));
        return new WeightedCurve(
            [.. Enumerable.Range(0, count).Select(_ => Reserve())], [.. Enumerable.Range(0, count).Select(_ => draws.PowerOfTen(-3, 0))]);
    }

    private ConcentratedCurve Concentrated()
    {
        int intervals = draws.One(1, 1, 2, 5, 40, 300, draws.Chance(0.1) ? 10_000 : 100);
        double growth = Draws.Exponential(draws.PowerOfTen(-8, 0));
        if (intervals > 300)
            growth = Math.Min(growth, 1.001);
        double scale = draws.PowerOfTen(-6, 14), level = draws.PowerOfTen(-12, 12), price = level;
        var ticks = ImmutableArray.CreateBuilder<double>(intervals + 1);
        var liquidity = ImmutableArray.CreateBuilder<double>(intervals);
        for (int k = 0; k <= intervals; k++, price *= growth)
        {
            ticks.Add(price);
            if (k < intervals)
                liquidity.Add(draws.Chance(0.2) ? 0 : scale * draws.PowerOfTen(-2, 2));
        }
        double at = draws.One(ticks[0], ticks[^1], ticks[draws.Below(intervals)], ticks[0] + ((ticks[^1] - ticks[0]) * draws.Unit()), level * 1e-3, ticks[^1] * 1e3);
        return new ConcentratedCurve(at, ticks.MoveToImmutable(), liquidity.MoveToImmutable());
    }

    private BinsCurve Bins()
    {
        int count = draws.One(1, 2, 5, 40, 70);
        double step = Draws.Exponential(draws.PowerOfTen(-5, -1)), price = draws.PowerOfTen(-12, 12), scale = draws.PowerOfTen(-10, 18);
        int active = draws.Below(count);
        bool fees = draws.Chance(0.3);
        var bins = ImmutableArray.CreateBuilder<Bin>(count);
        for (int k = 0; k < count; k++, price *= step)
        {
            double x = k < active ? 0 : scale * draws.PowerOfTen(-3, 0), y = k > active ? 0 : scale * price * draws.PowerOfTen(-3, 0);
            bins.Add(fees ? new(price, x, y, Fee()) : new(price, x, y));
        }
        return new BinsCurve(bins.MoveToImmutable());
    }
}
