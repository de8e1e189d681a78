using QTrade.Solver.Pools;
using QTrade.Solver.Warm;

namespace QTrade.Solver.Tests.Warm;

/// <summary>What a session's sums tell of a token.</summary>
public sealed class MarketStateSpecs
{
    /// <summary>Beside a turnover without end every shortage would be next to nothing.</summary>
    [Theory]
    [InlineData(1e100, false)]
    [InlineData(1.6e308, true)]
    public void A_token_whose_turnover_is_no_number_counts_as_short(double depth, bool isShort)
    {
        RoutingPool[] pools = [new ProductPool([0, 1], [depth, 1], 0.003), new ProductPool([0, 1], [depth, 1], 0.003)];
        RoutingProblem problem = new([1, 1], [0, 0], [.. pools]);
        var state = new MarketState();
        state.Pools.Begin(2);
        for (int p = 0; p < 2; p++)
            Assert.True(state.Pools.TryTake(p, pools[p], true, true));
        state.Lay(problem);
        state.Start(0, 1, 1e3);
        state.Start(1, 0, 0.9 * depth);
        state.EvaluateAll([1, 1]);
        state.Commit();
        Assert.True(state.Tokens[0].Balance.Nearest > 0);
        Assert.Equal(isShort, double.IsPositiveInfinity(state.Tokens[0].Gross));
        Assert.Equal(isShort, state.Tokens[0].IsShort);
    }

    /// <summary>A pool that takes no part gains at a price, and gains no more at another.</summary>
    [Fact]
    public void A_pool_that_is_priced_wrongly_is_so_until_it_is_not()
    {
        ProductPool pool = new([0, 1], [1000, 1000], 0.003);
        var state = new MarketState();
        state.Pools.Begin(1);
        Assert.True(state.Pools.TryTake(0, pool, false, false));
        state.Lay(new([1, 0], [0, 0], [pool]));
        state.EvaluateAll([1, 1]);
        Assert.False(state.IsMispriced || state.AnyMispriced());
        state.Price[1] = 1.1;
        state.Evaluate(0);
        Assert.True(state.IsMispriced && state.AnyMispriced());
        state.Price[1] = 1;
        state.Evaluate(0);
        Assert.True(state.IsMispriced);
        Assert.False(state.AnyMispriced());
    }
}
