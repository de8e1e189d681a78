using System.Collections.Immutable;
using QTrade.Markets;

namespace QTrade.Shared.MarketFamilies;

/// <summary>The random markets of the published comparisons: 2 sqrt(m) tokens, values uniform in [0, 1), pools between random pairs.</summary>
internal static class PaperMarkets
{
    /// <summary>Reserves uniform in [1000, 2000), fee 0.3 %, half of the pools products and half weighted 0.8 to 0.2.</summary>
    public static Market Paper(int pools, int seed)
    {
        var draws = new Draws((ulong)seed);
        return Between(pools, draws, 3, (id, tokens) =>
        {
            ImmutableArray<double> reserves = [draws.Between(1000, 2000), draws.Between(1000, 2000)];
            PoolCurve curve = draws.Chance(0.5) ? new ProductCurve(reserves) : new WeightedCurve(reserves, [0.8, 0.2]);
            return new Pool { Id = id, Tokens = tokens, Fee = 0.003, Curve = curve };
        });
    }

    /// <summary>Products with reserves uniform in [0, 1000), half of them with a fee of 0.3 % and half without.</summary>
    public static Market Scaling(int pools, int seed)
    {
        var draws = new Draws((ulong)seed);
        return Between(pools, draws, 5, (id, tokens) => new Pool
        {
            Id = id,
            Tokens = tokens,
            Fee = draws.One(0.003, 0),
            Curve = new ProductCurve([draws.Between(0, 1000), draws.Between(0, 1000)]),
        });
    }

    private static Market Between(int pools, Draws draws, ulong valueStream, Func<PoolId, ImmutableArray<TokenId>, Pool> make)
    {
        int count = Math.Max(2, (int)Math.Round(2 * Math.Sqrt(pools)));
        var values = new Draws(valueStream + (ulong)(draws.Unit() * (1L << 40)));
        Token[] tokens = [.. Enumerable.Range(0, count).Select(j => new Token { Id = new($"t{j}"), Value = values.Unit() })];
        var made = new Pool[pools];
        for (int i = 0; i < pools; i++)
        {
            (int a, int b) = draws.Pair(count);
            made[i] = make(new($"p{i}"), [tokens[a].Id, tokens[b].Id]);
        }
        return new Market { Name = "paper", Tokens = [.. tokens], Pools = [.. made] };
    }
}
