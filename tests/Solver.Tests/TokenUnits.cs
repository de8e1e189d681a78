using System.Collections.Immutable;
using QTrade.Markets;

namespace QTrade.Solver.Tests;

/// <summary>The same market with its tokens counted in other units.</summary>
internal static class TokenUnits
{
    /// <param name="market">The market.</param>
    /// <param name="factorOf">By token, how many new units an old one is.</param>
    public static Market Rescale(Market market, Func<int, double> factorOf)
    {
        Dictionary<TokenId, double> factors = market.Tokens.Select((token, j) => (token.Id, Factor: factorOf(j))).ToDictionary(pair => pair.Id, pair => pair.Factor);
        return market with
        {
            Tokens = [.. market.Tokens.Select(token => token with { Value = token.Value / factors[token.Id], Holding = token.Holding * factors[token.Id] })],
            Pools = [.. market.Pools.Select(pool => Rescale(pool, [.. pool.Tokens.Select(token => factors[token])]))],
        };
    }

    private static Pool Rescale(Pool pool, ImmutableArray<double> factors) => pool with
    {
        MaxTender = [.. pool.MaxTender.Select((bound, k) => bound * factors[k])],
        Curve = pool.Curve switch
        {
            ProductCurve curve => new ProductCurve(Times(curve.Reserves, factors)),
            WeightedCurve curve => curve with { Reserves = Times(curve.Reserves, factors) },
            SumCurve curve => new SumCurve(Times(curve.Reserves, factors), Over(curve.Rates, factors)),
            StableCurve curve => new StableCurve(Times(curve.Reserves, factors), curve.Amplification, Over(curve.Rates, factors)),
            ConcentratedCurve curve => Rescale(curve, factors[0], factors[1]),
            BinsCurve curve => new BinsCurve([.. curve.Bins.Select(bin => bin with
            {
                Price = bin.Price * (factors[1] / factors[0]),
                X = bin.X * factors[0],
                Y = bin.Y * factors[1],
            })]),
            _ => throw new ArgumentOutOfRangeException(nameof(pool)),
        },
    };

    private static ConcentratedCurve Rescale(ConcentratedCurve curve, double first, double second) => new(
        curve.Price * (second / first),
        [.. curve.Ticks.Select(tick => tick * (second / first))],
        [.. curve.Liquidity.Select(liquidity => liquidity * (Math.Sqrt(first) * Math.Sqrt(second)))]);

    private static ImmutableArray<double> Times(ImmutableArray<double> numbers, ImmutableArray<double> factors) => [.. numbers.Select((x, k) => x * factors[k])];

    private static ImmutableArray<double> Over(ImmutableArray<double> numbers, ImmutableArray<double> factors) => [.. numbers.Select((x, k) => x / factors[k])];
}
