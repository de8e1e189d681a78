using System.Collections.Immutable;
using QTrade.Markets;

namespace QTrade.Shared.MarketFamilies;

/// <summary>The same program with holdings or bounds: optimal routing, liquidation, trading bounds.</summary>
public static class MarketVariants
{
    /// <summary>One token is held, worth 10 to 1e6, and only one other token is wanted.</summary>
    public static Market Routing(Market market, int seed)
    {
        var draws = new Draws((ulong)seed + 7001);
        (int held, int wanted) = draws.Pair(Math.Min(8, market.Tokens.Length));
        return WithTokens(market, (token, j) => token with
        {
            Value = j == wanted ? token.Value : 0,
            Holding = j == held ? draws.PowerOfTen(1, 6) / token.Value : 0,
        });
    }

    /// <summary>A third of the tokens is held and none of those is wanted.</summary>
    public static Market Liquidation(Market market, int seed)
    {
        var draws = new Draws((ulong)seed + 7002);
        return WithTokens(market, (token, j) => j > 0 && draws.Chance(1.0 / 3)
            ? token with { Value = 0, Holding = draws.PowerOfTen(0, 5) / token.Value }
            : token);
    }

    /// <summary>Half of the pools bound what is tendered of one or of each token, between nothing and worth 1e5.</summary>
    public static Market Bounded(Market market, int seed)
    {
        var draws = new Draws((ulong)seed + 7003);
        var valueOf = market.Tokens.ToDictionary(token => token.Id, token => token.Value);
        double Bound(TokenId token) => draws.One(0, 1, 2, 3, 4, 5) switch
        {
            0 => 0,
            1 => double.PositiveInfinity,
            _ => draws.PowerOfTen(-1, 5) / valueOf[token],
        };
        return market with { Pools = [.. market.Pools.Select(pool => draws.Chance(0.5) ? pool with { MaxTender = [.. pool.Tokens.Select(Bound)] } : pool)] };
    }

    /// <summary>A fifth of the tokens charge for every transfer, and a third of the pools have fees of single tokens beside.</summary>
    public static Market TokenFees(Market market, int seed)
    {
        var draws = new Draws((ulong)seed + 7004);
        var transfer = market.Tokens.ToDictionary(token => token.Id, _ => draws.Chance(0.2) ? draws.One(0.001, 0.005, 0.02) : 0);
        return market with { Pools = [.. market.Pools.Select(pool => WithTokenFees(pool, transfer, draws))] };
    }

    private static Pool WithTokenFees(Pool pool, Dictionary<TokenId, double> transfer, Draws draws)
    {
        double own = draws.One(0, 0, draws.Between(0, 0.01));
        int payer = draws.Below(pool.Tokens.Length);
        double Fee(int token) => token == payer ? own + transfer[pool.Tokens[token]] - (own * transfer[pool.Tokens[token]]) : transfer[pool.Tokens[token]];
        ImmutableArray<double> fees = [.. Enumerable.Range(0, pool.Tokens.Length).Select(Fee)];
        return pool with { TokenFees = fees, TokenFeesOut = draws.Chance(0.8) ? fees : [.. fees.Select(_ => draws.One(0, 0.003))] };
    }

    private static Market WithTokens(Market market, Func<Token, int, Token> change) => market with { Tokens = [.. market.Tokens.Select(change)] };
}
