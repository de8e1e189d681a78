using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Shared.MarketFamilies;
using QTrade.Solver.Arithmetic;
using QTrade.Solver.Pools;
using QTrade.Solver.Warm;
using QTrade.Trading.Problems;
using QTrade.Verification;

namespace QTrade.Solver.Tests.Warm;

/// <summary>A session's answers along a chain of moves: certified, what a cold solve finds, and the same bits however one came there.</summary>
public sealed class RoutingSessionSpecs
{
    /// <summary>Families on which an honest 'inaccurate' of the full solve is let pass: their answers are verified all the same.</summary>
    private static readonly string[] Hard = ["bins", "binfees", "disc", "hostile", "hubmixed", "liquidation", "routing"];

    public static TheoryData<string> Families => new(MarketFamily.Names.ToArray());

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_answer_of_a_chain_of_moves_is_feasible_and_proves_its_own_gap(string family)
    {
        var chain = new Chain(family, pools: 30, seed: 3);
        for (int step = 0; step < 14; step++)
        {
            RoutingSolution solution = chain.Step();
            Market market = chain.Market;
            string hash = MarketHash.Of(MarketFile.Write(market));
            VerificationReport report = ResultVerifier.Verify(market, hash, ResultOf(market, hash, solution));
            Assert.True(report.Verified, $"{market.Name}, move {step}: {report.Summary}");
            if (!Hard.Contains(family))
                Assert.True(solution.Status is SolverStatus.Optimal or SolverStatus.NoArbitrage, $"{market.Name}, move {step}: {solution.Status}");
        }
    }

    [Theory]
    [InlineData("paper", 100)]
    [InlineData("hubprod", 100)]
    [InlineData("wide", 60)]
    [InlineData("nearno", 60)]
    [InlineData("ticks", 20)]
    public void A_warm_answer_is_a_cold_one_within_the_gap(string family, int pools)
    {
        var chain = new Chain(family, pools, seed: 5);
        for (int step = 0; step < 60; step++)
        {
            RoutingSolution warm = chain.Step();
            RoutingSolution cold = RoutingSolver.Solve(MarketProblem.Build(chain.Market), SolverStart.Cold, SolverOptions.Default);
            double tolerated = 3e-9 * Math.Max(1, cold.UpperBound);
            Assert.True(Math.Abs(warm.Profit - cold.Profit) <= tolerated, $"move {step}: warm {warm.Profit:R}, cold {cold.Profit:R}");
            Assert.True(warm.UpperBound >= cold.Profit * (1 - 1e-12), $"move {step}: bound {warm.UpperBound:R} below {cold.Profit:R}");
        }
    }

    /// <summary>Where an earlier answer leads nowhere, as it may where values lie twenty orders of magnitude apart, the solve begins anew.</summary>
    [Theory]
    [InlineData(10_001, 24)]

    // The second run comes to nothing by the bound of the first, which it has to find again by itself.
    [InlineData(10_045, 10)]
    public void An_earlier_answer_is_no_hindrance(int seed, int steps)
    {
        var chain = new Chain("wild", pools: 30, seed);
        for (int step = 0; step < steps; step++)
        {
            RoutingSolution warm = chain.Step();
            RoutingSolution cold = RoutingSolver.Solve(MarketProblem.Build(chain.Market), SolverStart.Cold, SolverOptions.Default);
            Assert.True(IsCertified(warm) || !IsCertified(cold), $"move {step}: warm {warm.Status}, cold {cold.Status}");
        }
    }

    private static bool IsCertified(RoutingSolution solution) => solution.Status is SolverStatus.Optimal or SolverStatus.NoArbitrage;

    [Theory]
    [InlineData("paper", 100)]
    [InlineData("scaling", 60)]
    [InlineData("hubprod", 100)]
    [InlineData("hubonly", 100)]
    [InlineData("wide", 60)]
    [InlineData("ticks", 20)]
    [InlineData("stable", 20)]
    [InlineData("hubmixed", 20)]
    [InlineData("hubprod", 400)]
    [InlineData("nearno", 300)]
    [InlineData("hubmixed", 60)]

    // Neighbourhoods of more than 24 tokens that all have many pools: factored in lanes, and by gradients.
    [InlineData("paper", 1000)]
    [InlineData("paper", 3000)]
    public void A_session_that_lived_through_the_moves_and_one_that_loads_the_last_answer_go_on_with_the_same_bits(string family, int pools)
    {
        var chain = new Chain(family, pools, seed: 7);
        AssertGoesOnAsLoaded(chain, steps: 60);
    }

    /// <summary>Of a market whose pools take so much at most, as long as they stay at it and from side to side.</summary>
    [Theory]
    [InlineData("paper", 60)]
    [InlineData("hubprod", 100)]
    [InlineData("scaling", 60)]
    public void Pools_at_their_bounds_leave_the_bits_of_a_loaded_answer(string family, int pools)
    {
        var chain = new Chain(MarketVariants.Bounded(MarketFamily.Make(family, pools, 7), 7), seed: 7);
        AssertGoesOnAsLoaded(chain, steps: 100);
    }

    private static void AssertGoesOnAsLoaded(Chain chain, int steps)
    {
        RoutingSolution earlier = chain.Step();
        for (int step = 0; step < steps; step++)
        {
            RoutingSolution lived = chain.Step();
            var rebuilt = new RoutingSession();
            rebuilt.Load(MarketProblem.Build(chain.Market), SolverStart.FromDecision(earlier.Prices, earlier.Trades));
            rebuilt.Solve();
            Assert.True(AnswerBits.Of(lived) == AnswerBits.Of(rebuilt.ToSolution()), $"move {step}: other bits");
            earlier = lived;
        }
    }

    /// <summary>Tenders that stay the same give something else from pools that became deeper or shallower.</summary>
    [Theory]
    [InlineData("paper", 60)]
    [InlineData("hubprod", 100)]
    [InlineData("ticks", 30)]
    public void A_session_that_loads_its_own_answer_for_other_pools_answers_with_the_bits_of_a_new_one(string family, int pools)
    {
        Market market = MarketFamily.Make(family, pools, 5);
        RoutingProblem problem = MarketProblem.Build(market);
        var session = new RoutingSession();
        session.Load(problem);
        session.Solve();
        var moves = new PoolMoves(5);
        Pool[] moved = [.. market.Pools];
        for (int round = 0; round < 8; round++)
        {
            RoutingSolution earlier = session.ToSolution();
            for (int move = 0; move < pools; move++)
            {
                (int place, Pool pool) = moves.Next(moved);
                moved[place] = pool;
            }

            var anew = new RoutingSession();
            foreach (RoutingSession each in (RoutingSession[])[session, anew])
            {
                each.Load(MarketProblem.Build(market with { Pools = [.. moved] }), SolverStart.FromDecision(earlier.Prices, earlier.Trades));
                each.Solve();
            }

            Assert.True(AnswerBits.Of(session.ToSolution()) == AnswerBits.Of(anew.ToSolution()), $"round {round}: other bits");
        }
    }

    /// <summary>What a session kept of a problem is not seen in the next one, of more or fewer tokens and pools.</summary>
    [Fact]
    public void A_session_that_solved_other_problems_answers_with_the_bits_of_a_new_one()
    {
        var session = new RoutingSession();
        foreach ((string family, int pools) in ((string, int)[])[("paper", 60), ("hubprod", 300), ("paper", 800), ("hubprod", 40), ("ticks", 30), ("paper", 400), ("hubprod", 300)])
        {
            Market market = MarketFamily.Make(family, pools, 3);
            RoutingProblem problem = MarketProblem.Build(market);
            var anew = new RoutingSession();
            foreach (RoutingSession each in (RoutingSession[])[session, anew])
            {
                each.Load(problem);
                each.Solve();
            }

            int step = 0;
            foreach ((int place, RoutingPool moved) in MovesOf(market, 25))
            {
                foreach (RoutingSession each in (RoutingSession[])[session, anew])
                {
                    each.Move(place, moved);
                    each.Solve();
                }

                Assert.True(AnswerBits.Of(session.ToSolution()) == AnswerBits.Of(anew.ToSolution()), $"{market.Name}, move {step++}: other bits");
            }
        }
    }

    /// <summary>An earlier answer may have a token at what it was worth then: a price below its value bounds nothing.</summary>
    [Theory]
    [InlineData("paper", 60)]
    [InlineData("hubprod", 100)]
    [InlineData("stable", 20)]
    public void Tokens_that_are_worth_more_than_at_the_start_are_answered_with_a_bound(string family, int pools)
    {
        RoutingProblem problem = MarketProblem.Build(MarketFamily.Make(family, pools, 4));
        RoutingSolution earlier = RoutingSolver.Solve(problem, SolverStart.Cold, SolverOptions.Default);
        RoutingProblem dearer = new([.. problem.Values.Select((value, j) => value * (1 + (0.1 * (j % 3))))], [.. problem.Values.Select((_, j) => j % 5 == 0 ? 10.0 : 0)], problem.Pools);
        var session = new RoutingSession();
        session.Load(dearer, SolverStart.FromDecision(earlier.Prices, earlier.Trades));
        Assert.Equal(SolverStatus.Optimal, session.Solve());
        RoutingSolution cold = RoutingSolver.Solve(dearer, SolverStart.Cold, SolverOptions.Default);
        Assert.InRange(session.Profit, cold.Profit - (2e-9 * cold.UpperBound), cold.UpperBound);
        Assert.InRange(session.UpperBound, cold.Profit, cold.UpperBound * (1 + 2e-9));
        Assert.All(Enumerable.Range(0, dearer.TokenCount), j => Assert.True(session.Prices[j] >= dearer.Values[j]));
        RoutingSolution started = RoutingSolver.Solve(dearer, SolverStart.FromDecision(earlier.Prices, earlier.Trades), SolverOptions.Default);
        Assert.InRange(started.UpperBound, cold.Profit, cold.UpperBound * (1 + 2e-9));
    }

    /// <summary>Whatever a start holds, it changes no answer.</summary>
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1)]
    public void A_start_of_no_use_is_answered_all_the_same(double price)
    {
        RoutingProblem problem = MarketProblem.Build(MarketFamily.Make("hubprod", 60, 5));
        RoutingSolution cold = RoutingSolver.Solve(problem, SolverStart.Cold, SolverOptions.Default);
        var elsewhere = new RoutingTrade(problem.Pools.Length, [1, 0], [0, 1], 1, 1);
        foreach (ImmutableArray<double> prices in (ImmutableArray<double>[])[[.. cold.Prices.Select(_ => price)], cold.Prices.SetItem(3, price)])
        {
            var session = new RoutingSession();
            session.Load(problem, SolverStart.FromDecision(prices, [elsewhere, elsewhere with { Pool = -1 }]));
            Assert.Equal(SolverStatus.Optimal, session.Solve());
            Assert.InRange(session.Profit, cold.Profit * (1 - 2e-9), cold.UpperBound);
            Assert.InRange(session.UpperBound, cold.Profit, cold.UpperBound * (1 + 2e-9));
        }
    }

    /// <summary>A token between two pools of one way takes part in steps over the market while these trade, and else does not: what was kept of an order of elimination is that of other tokens then.</summary>
    [Fact]
    public void A_token_that_takes_part_now_and_then_leaves_the_same_bits()
    {
        Market market = MarketFamily.Make("hubprod", 200, 7);
        RoutingProblem problem = MarketProblem.Build(market);
        (int Place, RoutingPool Moved)[] moves = [.. MovesOf(market, 80)];
        var beside = (ProductPool)problem.Pools[moves[0].Place];
        int between = problem.TokenCount, exit = problem.Pools.Length + 1;
        double rate = beside.Reserves[1] / beside.Reserves[0];
        ImmutableArray<double> oneWay = [double.PositiveInfinity, 0];
        ProductPool Exit(double factor) => new([between, beside.Tokens[1]], [beside.Reserves[0], beside.Reserves[0] * rate * factor], 0.003, 0, oneWay);
        problem = new(
            problem.Values.Add(0),
            problem.Holdings.Add(0),
            problem.Pools.Add(new ProductPool([beside.Tokens[0], between], [beside.Reserves[0], beside.Reserves[0]], 0.003, 0, oneWay)).Add(Exit(0.5)));
        var session = new RoutingSession();
        session.Load(problem);
        session.Solve();
        for (int step = 0; step < moves.Length; step++)
        {
            RoutingSolution earlier = session.ToSolution();
            RoutingPool toggled = Exit(step % 6 < 3 ? 1.1 : 0.5);
            problem = new(problem.Values, problem.Holdings, problem.Pools.SetItem(moves[step].Place, moves[step].Moved).SetItem(exit, toggled));
            session.Move(moves[step].Place, moves[step].Moved);
            session.Move(exit, toggled);
            session.Solve();
            var rebuilt = new RoutingSession();
            rebuilt.Load(problem, SolverStart.FromDecision(earlier.Prices, earlier.Trades));
            rebuilt.Solve();
            Assert.True(AnswerBits.Of(session.ToSolution()) == AnswerBits.Of(rebuilt.ToSolution()), $"move {step}: other bits");
        }
    }

    [Fact]
    public void A_pool_that_empties_and_fills_again_is_answered_all_the_same()
    {
        RoutingProblem problem = MarketProblem.Build(MarketFamily.Make("hubprod", 60, 2));
        var session = new RoutingSession();
        session.Load(problem);
        session.Solve();
        int place = 17;
        var pool = (ProductPool)problem.Pools[place];
        foreach (ImmutableArray<double> reserves in (ImmutableArray<double>[])[[0, 0], [pool.Reserves[0] * 2, pool.Reserves[1]], [0, pool.Reserves[1]], pool.Reserves])
        {
            var moved = new ProductPool(pool.Tokens, reserves, pool.Fee);
            session.Move(place, moved);
            Assert.Equal(SolverStatus.Optimal, session.Solve());
            problem = new(problem.Values, problem.Holdings, problem.Pools.SetItem(place, moved));
            double cold = RoutingSolver.Solve(problem, SolverStart.Cold, SolverOptions.Default).Profit;
            Assert.Equal(cold, session.Profit, 3e-9 * cold);
        }
    }

    /// <summary>A token that led to no value was worth nothing, and no step leads from a price of nothing.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_token_that_comes_alive_is_traded(bool more)
    {
        ImmutableArray<RoutingPool> pools =
        [
            new ProductPool([0, 2], [1000, 1000], 0.003, 0, [double.PositiveInfinity, 0]),
            new ProductPool([2, 1], [0, 0], 0.003),
            new ProductPool([0, 1], [1000, 1100], 0.003),
        ];
        if (more)
            pools = pools.Add(new ProductPool([0, 1], [1000, 1010], 0.003));
        RoutingProblem problem = new([1, 1, 0], [0, 0, 0], pools);
        var session = new RoutingSession();
        session.Load(problem);
        session.Solve();
        var filled = new ProductPool([2, 1], [1000, 2000], 0.003);
        session.Move(1, filled);

        Assert.Equal(SolverStatus.Optimal, session.Solve());
        double cold = RoutingSolver.Solve(new(problem.Values, problem.Holdings, pools.SetItem(1, filled)), SolverStart.Cold, SolverOptions.Default).Profit;
        Assert.True(cold > 40);
        Assert.Equal(cold, session.Profit, 3e-9 * cold);
    }

    [Fact]
    public void Where_the_last_pool_that_did_not_answer_to_prices_empties_the_answer_has_the_bits_of_one_that_loads_it()
    {
        RoutingProblem market = MarketProblem.Build(MarketFamily.Make("paper", 30, 2));
        var sum = new SumPool(market.Pools[0].Tokens, [100, 100], [1, 1], 0.001);
        RoutingProblem problem = new(market.Values, market.Holdings, market.Pools.Add(sum));
        var session = new RoutingSession();
        session.Load(problem);
        session.Solve();
        RoutingSolution earlier = session.ToSolution();
        RoutingPool emptied = new SumPool(sum.Tokens, [0, 0], [1, 1], 0.001);
        session.Move(30, emptied);
        session.Solve();

        var rebuilt = new RoutingSession();
        rebuilt.Load(new(problem.Values, problem.Holdings, problem.Pools.SetItem(30, emptied)), SolverStart.FromDecision(earlier.Prices, earlier.Trades));
        rebuilt.Solve();
        Assert.Equal(AnswerBits.Of(rebuilt.ToSolution()), AnswerBits.Of(session.ToSolution()));
    }

    /// <summary>Beside a sum every move is solved in full, and only what moved is taken anew: a first bound concerns how all pools are laid, and so does the last one's going.</summary>
    [Fact]
    public void A_pool_that_takes_no_more_than_so_much_from_now_on_is_answered_with_the_bits_of_a_loaded_problem()
    {
        RoutingProblem market = MarketProblem.Build(MarketFamily.Make("paper", 30, 2));
        var sum = new SumPool(market.Pools[0].Tokens, [100, 100], [1, 1], 0.001);
        RoutingProblem problem = new(market.Values, market.Holdings, market.Pools.Add(sum));
        var session = new RoutingSession();
        session.Load(problem);
        session.Solve();
        RoutingSolution earlier = session.ToSolution();
        int place = earlier.Trades.First(trade => problem.Pools[trade.Pool] is ProductPool && trade.Tender.Max() > 1).Pool;
        var free = (ProductPool)problem.Pools[place];
        foreach (ImmutableArray<double> bound in (ImmutableArray<double>[])[[1, 1], []])
        {
            var moved = new ProductPool(free.Tokens, free.Reserves, free.Fee, free.FeeOut, bound);
            session.Move(place, moved);
            session.Solve();
            var rebuilt = new RoutingSession();
            rebuilt.Load(new(problem.Values, problem.Holdings, problem.Pools.SetItem(place, moved)), SolverStart.FromDecision(earlier.Prices, earlier.Trades));
            rebuilt.Solve();
            earlier = session.ToSolution();
            Assert.Equal(SolverStatus.Optimal, earlier.Status);
            Assert.Equal(AnswerBits.Of(rebuilt.ToSolution()), AnswerBits.Of(earlier));
            Assert.Equal(!bound.IsEmpty, earlier.Trades.Single(trade => trade.Pool == place).Tender.Max() <= 1);
        }
    }

    [Fact]
    public void A_pool_out_of_range_is_refused_and_the_next_good_one_solved()
    {
        RoutingProblem problem = MarketProblem.Build(MarketFamily.Make("paper", 30, 2));
        var session = new RoutingSession();
        session.Load(problem);
        session.Solve();
        session.Move(3, new ProductPool(problem.Pools[3].Tokens, [1, double.NaN], 0.003));
        Assert.Equal(SolverStatus.Invalid, session.Solve());
        Assert.Contains("pool 3", session.ToSolution().Reason, StringComparison.Ordinal);
        session.Move(3, problem.Pools[3]);
        Assert.Equal(SolverStatus.Optimal, session.Solve());
    }

    [Theory]
    [InlineData("paper", 100, 100)]
    [InlineData("hubprod", 100, 300)]
    [InlineData("stable", 20, 100)]
    [InlineData("hubmixed", 100, 100)]
    [InlineData("bins", 30, 200)]
    [InlineData("paper", 1000, 100)]
    public void A_solve_allocates_nothing_once_the_arrays_are_there(string family, int pools, int first)
    {
        Market market = MarketFamily.Make(family, pools, 4);
        (int Place, RoutingPool Moved)[] moves = [.. MovesOf(market, first + 200)];

        // Types that the first chain meets are set up by it. A collection that other specs cause may count what is left of this thread's buffer as allocated: what a solve allocates it does in every chain.
        long allocated = AllocatedAfter(first, market, moves);
        for (int chain = 0; allocated > 0 && chain < 3; chain++)
            allocated = AllocatedAfter(first, market, moves);
        Assert.Equal(0, allocated);
    }

    private static long AllocatedAfter(int first, Market market, (int Place, RoutingPool Moved)[] moves)
    {
        var session = new RoutingSession();
        session.Load(MarketProblem.Build(market));
        session.Solve();
        long allocated = 0;
        for (int step = 0; step < moves.Length; step++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            session.Move(moves[step].Place, moves[step].Moved);
            session.Solve();
            if (step >= first)
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return allocated;
    }

    [Theory]
    [InlineData("paper", 100)]
    [InlineData("scaling", 100)]
    [InlineData("hubprod", 100)]
    [InlineData("hubonly", 100)]
    [InlineData("wide", 100)]
    public void Most_moves_touch_a_neighbourhood_only(string family, int pools)
    {
        long local = LocalSolvesOf200(MarketFamily.Make(family, pools, 6));
        Assert.True(local >= 190, $"{local} local of 200");
    }

    /// <summary>A neighbourhood that joins most of the market goes on over all of it: solving in full is the exception.</summary>
    [Theory]
    [InlineData("hubprod", 600, 199)]
    [InlineData("hubprod", 1000, 200)]
    [InlineData("paper", 1000, 200)]
    public void A_move_that_the_market_feels_is_solved_by_going_on_over_it(string family, int pools, int least)
    {
        long local = LocalSolvesOf200(MarketFamily.Make(family, pools, 1));
        Assert.True(local >= least, $"{local} local of 200");
    }

    private static long LocalSolvesOf200(Market market)
    {
        var session = new RoutingSession();
        session.Load(MarketProblem.Build(market));
        session.Solve();
        foreach ((int place, RoutingPool moved) in MovesOf(market, 200))
        {
            session.Move(place, moved);
            session.Solve();
        }

        return session.LocalSolves;
    }

    /// <summary>What many moves leave over is taken off token by token, and not by one of them over all that the market leads to.</summary>
    [Fact]
    public void No_small_move_has_to_make_good_what_the_moves_before_it_left()
    {
        Market market = MarketFamily.Make("paper", 10_000, 4);
        var session = new RoutingSession();
        session.Load(MarketProblem.Build(market));
        session.Solve();
        int most = 0;
        foreach ((int place, RoutingPool moved) in MovesOf(market, 300, large: false))
        {
            double[] before = session.Prices.ToArray();
            session.Move(place, moved);
            session.Solve();
            int changed = 0;
            for (int j = 0; j < before.Length; j++)
                changed += session.Prices[j] == before[j] ? 0 : 1;
            most = Math.Max(most, changed);
        }

        Assert.InRange(most, 2, 10);
    }

    /// <summary>After a small move prices are on their kinks at once: ramps that begin narrow save three of four steps here.</summary>
    [Fact]
    public void A_small_move_among_linear_pieces_takes_a_step_or_two()
    {
        Market market = MarketFamily.Make("hubmixed", 1000, 1);
        var session = new RoutingSession();
        session.Load(MarketProblem.Build(market));
        session.Solve();
        int steps = 0;
        foreach ((int place, RoutingPool moved) in MovesOf(market, 60))
        {
            session.Move(place, moved);
            Assert.Equal(SolverStatus.Optimal, session.Solve());
            steps += session.Iterations;
        }

        Assert.True(steps < 150, $"{steps} steps for 60 moves");
    }

    /// <summary>A pool within a rounding of its kink may be worth what the rounding makes of its depth, though it idles.</summary>
    [Theory]
    [InlineData("stable", 3, 601)]
    [InlineData("stable", 3, 602)]
    [InlineData("hostile", 3, 501)]
    [InlineData("hostile", 3, 508)]
    [InlineData("paper", 20, 1)]
    public void A_bound_is_the_dual_at_its_prices(string family, int pools, int seed)
    {
        Market market = MarketFamily.Make(family, pools, seed);
        RoutingProblem problem = MarketProblem.Build(market);
        RoutingPool[] now = [.. problem.Pools];
        var session = new RoutingSession();
        session.Load(problem);
        session.Solve();
        int step = 0;
        foreach ((int place, RoutingPool moved) in MovesOf(market, 100))
        {
            session.Move(place, moved);
            now[place] = moved;
            session.Solve();
            DoubleDouble dual = DoubleDouble.Zero;
            foreach (RoutingPool pool in now)
                dual += Certificate.ValueOf(pool, session.Prices);
            for (int j = 0; j < problem.TokenCount; j++)
                dual += DoubleDouble.Sum(session.Prices[j], -problem.Values[j]) * problem.Holdings[j];
            Assert.True(session.UpperBound >= dual.Hi, $"{market.Name}, move {step}: {session.UpperBound:R} is below {dual.Hi:R}");
            Assert.True(session.UpperBound <= (dual.Hi * (1 + 1e-10)) + 1e-17, $"{market.Name}, move {step}: {session.UpperBound:R} is above {dual.Hi:R}");
            step++;
        }
    }

    /// <summary>Not by the roundings either that a printed trade may have, so that no profit lies above the bound.</summary>
    [Theory]
    [InlineData("paper", 100)]
    [InlineData("hubprod", 100)]
    [InlineData("ticks", 50)]
    [InlineData("wide", 60)]
    public void The_trades_of_a_session_take_from_no_token_more_than_there_is(string family, int pools)
    {
        Market market = MarketFamily.Make(family, pools, 2);
        var session = new RoutingSession();
        session.Load(MarketProblem.Build(market));
        session.Solve();
        int step = 0, local = 0;
        foreach ((int place, RoutingPool moved) in MovesOf(market, 150))
        {
            session.Move(place, moved);
            session.Solve();
            Assert.True(session.Gap >= 0, $"move {step}: gap {session.Gap:R}");
            if (session.Obstacle == LocalObstacle.None)
            {
                local++;
                Assert.All(session.ToSolution().NetFlow, (flow, j) => Assert.True(flow >= 0, $"move {step}, token {j}: {flow:R}"));
            }

            step++;
        }

        Assert.True(local > 100, $"{local} of 150 moves were answered in neighbourhoods");
    }

    /// <summary>
    /// In such a market tokens of next to no worth come and go between pools at their kinks, and pools of one tick run dry and fill again: all but a few of 1,000 moves are answered in neighbourhoods, those that close a leg or open
    /// one as well.
    /// </summary>
    [Fact]
    public void A_real_market_is_kept_solved_without_solving_it_anew()
    {
        Market market = RealMarket();
        var session = new RoutingSession();
        session.Load(MarketProblem.Build(market));
        session.Solve();
        foreach ((int place, RoutingPool moved) in MovesOf(market, 1000))
        {
            session.Move(place, moved);
            Assert.Equal(SolverStatus.Optimal, session.Solve());
            Assert.True(session.Gap >= 0);
        }

        Assert.True(session.FullSolves - 1 <= 3, $"{session.FullSolves - 1} of 1,000 moves were solved in full");
    }

    /// <summary>Where pools run dry and fill again, tokens come alive and die with them; what a session takes of that is what one takes that loads the problem.</summary>
    [Fact]
    public void A_real_market_goes_on_with_the_same_bits_from_a_loaded_answer()
    {
        Market market = RealMarket();
        RoutingProblem problem = MarketProblem.Build(market);
        RoutingPool[] pools = [.. problem.Pools];
        var session = new RoutingSession();
        session.Load(problem);
        session.Solve();
        RoutingSolution earlier = session.ToSolution();
        int step = 0;
        foreach ((int place, RoutingPool moved) in MovesOf(market, 300))
        {
            pools[place] = moved;
            session.Move(place, moved);
            session.Solve();
            var rebuilt = new RoutingSession();
            rebuilt.Load(new(problem.Values, problem.Holdings, [.. pools]), SolverStart.FromDecision(earlier.Prices, earlier.Trades));
            rebuilt.Solve();
            earlier = session.ToSolution();
            Assert.True(AnswerBits.Of(earlier) == AnswerBits.Of(rebuilt.ToSolution()), $"move {step++}: other bits");
        }
    }

    private static Market RealMarket()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "samples", "orca-185759999.json");
        Assert.True(MarketFile.TryReadFile(path, out Market? market, out _, out MarketFileError? error), $"{error}");
        return market;
    }

    private static IEnumerable<(int Place, RoutingPool Moved)> MovesOf(Market market, int count, bool large = true)
    {
        var moves = new PoolMoves(1);
        Pool[] pools = [.. market.Pools];
        RoutingProblem problem = MarketProblem.Build(market);
        for (int step = 0; step < count; step++)
        {
            (int place, Pool moved) = moves.Next(pools);
            if (moves.WasLarge && !large)
                continue;
            pools[place] = moved;
            yield return (place, RoutingPoolKinds.TryMake(moved, problem.Pools[place].Tokens)!);
        }
    }

    private static MarketResult ResultOf(Market market, string hash, RoutingSolution solution) => new()
    {
        Market = market.Name,
        MarketHash = hash,
        Solver = SolverVersion.Current,
        Status = Enum.Parse<ResultStatus>(solution.Status.ToString()),
        Profit = solution.Profit,
        UpperBound = solution.UpperBound,
        Gap = solution.Gap,
        Prices = solution.Prices,
        NetFlow = solution.NetFlow,
        Trades =
        [
            .. solution.Trades.Select(trade => new PoolTrade(
                market.Pools[trade.Pool].Id, trade.Tender, trade.Receive, trade.MarginalPriceBefore, trade.MarginalPriceAfter)),
        ],
        Iterations = solution.Iterations,
    };

    /// <summary>A market, a session over it, and the moves.</summary>
    private sealed class Chain
    {
        private readonly RoutingSession session = new();
        private readonly PoolMoves moves;
        private readonly RoutingProblem problem;
        private readonly Pool[] pools;
        private readonly Market market;

        public Chain(string family, int pools, int seed)
            : this(MarketFamily.Make(family, pools, seed), seed)
        {
        }

        public Chain(Market market, int seed)
        {
            this.market = market;
            pools = [.. market.Pools];
            moves = new(seed);
            problem = MarketProblem.Build(market);
            session.Load(problem);
            session.Solve();
        }

        public Market Market => market with { Pools = [.. pools] };

        public RoutingSolution Step()
        {
            (int place, Pool moved) = moves.Next(pools);
            pools[place] = moved;
            session.Move(place, RoutingPoolKinds.TryMake(moved, problem.Pools[place].Tokens)!);
            session.Solve();
            return session.ToSolution();
        }
    }
}
