using System.Collections.Immutable;
using QTrade.Markets;

namespace QTrade.Shared.MarketFamilies;

/// <summary>
/// Legal numbers that hurt: values over sixteen orders and many zero, reserves over twenty, fees up to 99 %, weights a thousand to one,
/// amplifications from far below one to a million, prices outside their ticks, one-sided and empty pools, several pools on the same pair
/// with the same numbers, dust holdings and bounds of zero.
/// </summary>
internal sealed class HostileMarkets
{
    private readonly Draws draws;
    private readonly double[] values;

    private HostileMarkets(int pools, int seed)
    {
        draws = new Draws((ulong)seed + 9001);
        values = new double[Math.Max(3, pools / 3)];
        for (int j = 0; j < values.Length; j++)
            values[j] = draws.PowerOfTen(-10, 6);
    }

    public static Market Make(int pools, int seed) => new HostileMarkets(pools, seed).Make(pools);

    private Market Make(int pools)
    {
        var made = ImmutableArray.CreateBuilder<Pool>(pools);
        for (int i = 0; i < pools; i++)
            made.Add(i > 0 && draws.Chance(0.1) ? made[draws.Below(i)] with { Id = new($"p{i}") } : Pool(i));
        return new Market
        {
            Name = "hostile",
            Tokens = [.. values.Select((value, j) => new Token
            {
                Id = new($"t{j}"),
                Value = j > 0 && draws.Chance(0.4) ? 0 : value,
                Holding = draws.Chance(0.1) ? draws.PowerOfTen(-6, 2) / value : 0,
            })],
            Pools = made.ToImmutable(),
        };
    }

    private Pool Pool(int i)
    {
        (int a, int b) = draws.Pair(values.Length);
        double worth = draws.PowerOfTen(-6, 14);
        double price = values[a] / values[b] * draws.LogNormal(draws.One(0.001, 0.1, 1));
        double reserveA = worth / values[a], reserveB = reserveA * price;
        PoolCurve curve = draws.Below(8) switch
        {
            0 => new WeightedCurve([reserveA, reserveB], [draws.PowerOfTen(-3, 0), draws.PowerOfTen(-3, 0)]),
            1 => new SumCurve(draws.One<ImmutableArray<double>>([reserveA, reserveB], [reserveA, 0], [0, 0]), [price, 1]),
            2 => new StableCurve([reserveA, reserveB], draws.PowerOfTen(-2, 6), [price, 1]),
            3 => new ConcentratedCurve(price * draws.One(1, 1, 0.01, 100), [price * 0.3, price * 0.9, price, price * 1.0000001, price * 50],
                [reserveA * Math.Sqrt(price), 0, draws.PowerOfTen(3, 12), reserveA * Math.Sqrt(price)]),
            4 => new BinsCurve([new(price * 0.999, 0, reserveB, draws.One(0, 0.5)), new(price, reserveA, reserveB), new(price * 1.5, reserveA, 0)]),
            5 => new ProductCurve(draws.One<ImmutableArray<double>>([reserveA, 0], [0, reserveB], [0, 0])),
            _ => new ProductCurve([reserveA, reserveB]),
        };
        return new Pool
        {
            Id = new($"p{i}"),
            Tokens = [new($"t{a}"), new($"t{b}")],
            Fee = draws.One(0, 1e-12, 0.003, 0.5, 0.99),
            FeeOut = draws.One(0, 0, 0, 1e-9, 0.3),
            MaxTender = draws.Chance(0.2) ? [draws.One(0, reserveA * 1e-3), draws.One(double.PositiveInfinity, reserveB * 10)] : [],
            Curve = curve,
        };
    }
}
