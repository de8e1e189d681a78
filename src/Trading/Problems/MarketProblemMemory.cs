using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Solver;

namespace QTrade.Trading.Problems;

/// <summary>
/// Makes the problems of one market after the other. Pools and tokens are records that never change, so that of a pool that is the same object as in the
/// market before, at the same tokens' places, the solver's pool is used again: the problem is the one that <see cref="MarketProblem.Build"/> makes, for
/// the price of what changed. Not for two threads at once.
/// </summary>
public sealed class MarketProblemMemory
{
    private ImmutableArray<Token> tokens = [];
    private ImmutableArray<Pool> pools = [];
    private ImmutableArray<double> values = [];
    private ImmutableArray<double> holdings = [];
    private ImmutableArray<RoutingPool> made = [];
    private Dictionary<TokenId, int> places = [];

    /// <inheritdoc cref="MarketProblem.Build"/>
    public RoutingProblem Build(Market market)
    {
        var samePlaces = TakeTokens(market.Tokens);
        var (poolsBefore, madeBefore) = (pools, made);

        // Until all are made nothing is remembered: a pool that cannot be made must not leave others at new places.
        (pools, made) = ([], []);
        var all = ImmutableArray.CreateBuilder<RoutingPool>(market.Pools.Length);
        var before = 0;
        foreach (Pool pool in market.Pools)
        {
            // Both in one order, as cuts are: whatever is left out in between was no longer in the market, or is made anew.
            if (samePlaces && !IsAt(poolsBefore, before, pool))
                before = Skip(poolsBefore, before, pool.Id);
            all.Add(samePlaces && IsAt(poolsBefore, before, pool) ? madeBefore[before++] : MarketProblem.RoutingPoolOf(pool, places));
        }

        (pools, made) = (market.Pools, all.MoveToImmutable());
        return new(values, holdings, made);
    }

    /// <summary>Whether every token is where it was.</summary>
    private bool TakeTokens(ImmutableArray<Token> now)
    {
        if (now == tokens)
            return true;
        var same = now.Length == tokens.Length;
        for (var place = 0; same && place < now.Length; place++)
            same = now[place].Id == tokens[place].Id;
        places = same ? places : MarketProblem.PlacesOf(now);
        (values, holdings) = (ImmutableArray.CreateRange(now, token => token.Value), ImmutableArray.CreateRange(now, token => token.Holding));
        tokens = now;
        return same;
    }

    private static bool IsAt(ImmutableArray<Pool> pools, int place, Pool pool) => place < pools.Length && ReferenceEquals(pools[place], pool);

    private static int Skip(ImmutableArray<Pool> pools, int place, PoolId id)
    {
        while (place < pools.Length && pools[place].Id.CompareTo(id) < 0)
            place++;
        return place;
    }
}
