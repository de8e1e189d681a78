using QTrade.Markets;
using QTrade.Solver;
using QTrade.Trading.Problems;

namespace QTrade.Trading.Tests.Problems;

public sealed class MarketProblemMemorySpecs
{
    private static readonly Market First = Sample.Market(
        [Sample.Token("A", 1), Sample.Token("B", 2), Sample.Token("C", 3), Sample.Token("D", 1)],
        Sample.Product("a", "A", "B", 1_000, 600),
        Sample.Product("b", "B", "C", 900, 500),
        Sample.Product("c", "C", "A", 400, 1_300),
        Sample.Product("d", "C", "D", 400, 1_100));

    [Fact]
    public void Only_a_pool_that_changed_is_converted()
    {
        var memory = new MarketProblemMemory();
        var before = memory.Build(First);

        var after = memory.Build(First with { Pools = First.Pools.SetItem(1, First.Pools[1] with { Fee = 0.01 }) });

        Assert.Equal([true, false, true, true], after.Pools.Select((pool, i) => ReferenceEquals(pool, before.Pools[i])));
    }

    [Fact]
    public void Pools_that_come_and_go_leave_the_others_as_they_are()
    {
        var memory = new MarketProblemMemory();
        var whole = memory.Build(First);

        var part = memory.Build(First with { Pools = First.Pools.RemoveAt(1) });
        var again = memory.Build(First);

        Assert.All(part.Pools, pool => Assert.Contains(whole.Pools, same => ReferenceEquals(same, pool)));
        Assert.Equal([true, false, true, true], again.Pools.Select((pool, i) => ReferenceEquals(pool, whole.Pools[i])));
    }

    [Fact]
    public void Where_tokens_take_other_places_every_pool_is_converted()
    {
        var memory = new MarketProblemMemory();
        memory.Build(First);

        var problem = memory.Build(First with { Tokens = [First.Tokens[1], First.Tokens[0], .. First.Tokens[2..]] });

        Assert.Equal([1, 0], problem.Pools[0].Tokens.ToArray());
        Assert.Equal([2.0, 1, 3, 1], problem.Values.ToArray());
    }

    /// <summary>A market that cannot be made leaves nothing behind: its tokens may have been at other places.</summary>
    [Fact]
    public void After_a_market_that_cannot_be_made_every_pool_is_converted()
    {
        var memory = new MarketProblemMemory();
        memory.Build(First);
        Market turned = First with { Tokens = [First.Tokens[1], First.Tokens[0], .. First.Tokens[2..]] };
        Assert.ThrowsAny<Exception>(() => memory.Build(turned with { Pools = [.. First.Pools, Sample.Product("e", "A", "NONE", 1, 1)] }));

        Assert.Equal([1, 0], memory.Build(turned).Pools[0].Tokens.ToArray());
    }

    [Fact]
    public void The_answer_is_that_of_a_problem_made_anew()
    {
        var memory = new MarketProblemMemory();
        var random = new Random(5);
        var market = First;
        for (var step = 0; step < 200; step++)
        {
            market = Next(market, random);
            var (remembered, anew) = (Answer(memory.Build(market)), Answer(MarketProblem.Build(market)));
            Assert.Equal(anew.Prices.ToArray(), remembered.Prices.ToArray());
            Assert.Equal(anew.Profit, remembered.Profit);
            Assert.Equal(anew.UpperBound, remembered.UpperBound);
        }
    }

    private static Market Next(Market market, Random random)
    {
        var pool = random.Next(First.Pools.Length);
        return random.Next(5) switch
        {
            0 => First with { Pools = First.Pools.RemoveAt(pool) },
            1 => market with { Tokens = [First.Tokens[0] with { Value = 1 + random.NextDouble() }, .. First.Tokens[1..]] },
            2 => First with { Tokens = [.. First.Tokens.Reverse()] },
            3 => First,
            _ => market with { Pools = [.. market.Pools.Select(old => old.Id == First.Pools[pool].Id ? Moved(old, random) : old)] },
        };
    }

    private static Pool Moved(Pool pool, Random random) =>
        pool with { Curve = pool.Curve.WithState([pool.Curve.State[0] * (0.9 + 0.2 * random.NextDouble()), pool.Curve.State[1]]) };

    private static RoutingSolution Answer(RoutingProblem problem) => RoutingSolver.Solve(problem, SolverStart.Cold, SolverOptions.Default);
}
