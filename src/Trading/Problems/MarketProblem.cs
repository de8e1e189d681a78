using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Solver;

namespace QTrade.Trading.Problems;

/// <summary>The routing problem of a market: token ids become indices in the market's order, pools keep theirs.</summary>
public static class MarketProblem
{
    /// <summary>The problem of a market that Markets read or checked.</summary>
    /// <exception cref="ArgumentException">A pool is of a kind that nobody entered, or trades a token that the market does not have.</exception>
    public static RoutingProblem Build(Market market)
    {
        var places = PlacesOf(market.Tokens);
        var pools = ImmutableArray.CreateBuilder<RoutingPool>(market.Pools.Length);
        foreach (Pool pool in market.Pools)
            pools.Add(RoutingPoolOf(pool, places));
        return new(
            ImmutableArray.CreateRange(market.Tokens, token => token.Value),
            ImmutableArray.CreateRange(market.Tokens, token => token.Holding),
            pools.MoveToImmutable());
    }

    internal static Dictionary<TokenId, int> PlacesOf(ImmutableArray<Token> tokens)
    {
        var places = new Dictionary<TokenId, int>(tokens.Length);
        foreach (Token token in tokens)
            places.Add(token.Id, places.Count);
        return places;
    }

    internal static RoutingPool RoutingPoolOf(Pool pool, Dictionary<TokenId, int> places)
    {
        var tokens = ImmutableArray.CreateBuilder<int>(pool.Tokens.Length);
        foreach (TokenId token in pool.Tokens)
        {
            if (!places.TryGetValue(token, out int place))
                throw new ArgumentException($"pool '{pool.Id}' trades token '{token}', which the market does not have", nameof(pool));
            tokens.Add(place);
        }

        return RoutingPoolKinds.TryMake(pool, tokens.MoveToImmutable())
            ?? throw new ArgumentException($"pool '{pool.Id}' is of kind '{pool.Curve.Kind}', which the solver does not know", nameof(pool));
    }
}
