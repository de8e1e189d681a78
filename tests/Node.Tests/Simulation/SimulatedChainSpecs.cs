using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Node.Simulation;
using QTrade.Shared;

namespace QTrade.Node.Tests.Simulation;

public sealed class SimulatedChainSpecs
{
    private static readonly SimulatedChainOptions Options = new() { Seed = 42, UpdatesPerSecond = 100 };

    [Fact]
    public void The_same_seed_lives_the_same_life_to_the_bit()
    {
        var one = Live(new SimulatedChain(SampleMarkets.Mixed, Options), 50);
        var other = Live(new SimulatedChain(SampleMarkets.Mixed, Options), 50);
        Assert.Equal(one, other);
        Assert.NotEqual(one, Live(new SimulatedChain(SampleMarkets.Mixed, Options with { Seed = 43 }), 50));
    }

    [Fact]
    public void A_chain_resumed_from_observed_states_goes_on_as_the_one_that_was_never_interrupted()
    {
        var whole = new SimulatedChain(SampleMarkets.Mixed, Options);
        Live(whole, 20);
        var resumed = new SimulatedChain(SampleMarkets.Mixed, Options);
        for (var pool = 0; pool < whole.PoolCount; pool++)
            Assert.True(resumed.TryResume(pool, whole[pool].Curve.State, whole.Slot));
        whole.AdvanceSlot();
        Assert.Equal(whole.Slot, resumed.Slot);
        Assert.Equal(Live(whole, 20), Live(resumed, 20));
    }

    [Fact]
    public void A_pool_that_is_added_while_the_chain_lives_moves_from_then_on_the_same_in_every_run()
    {
        var token = new Token { Id = new TokenId("E"), Value = 0, Decimals = 6 };
        var added = new Pool { Id = new PoolId("new"), Fee = 0.003, Tokens = [token.Id, new TokenId("B")], Curve = new ProductCurve([1_000, 5_000]) };
        var lives = new List<List<string>>();
        Pool last = null!;
        for (var run = 0; run < 2; run++)
        {
            var chain = new SimulatedChain(SampleMarkets.Mixed, Options);
            Assert.Null(chain.Add(added));
            Live(chain, 20);
            chain.Know(token);
            Assert.Equal(SampleMarkets.Mixed.Pools.Length, chain.Add(added));
            lives.Add(Live(chain, 50));
            last = chain[SampleMarkets.Mixed.Pools.Length];
        }

        Assert.Equal(lives[0], lives[1]);
        Assert.InRange(lives[0].Count(observation => observation.StartsWith($"{SampleMarkets.Mixed.Pools.Length} ", StringComparison.Ordinal)), 20, lives[0].Count / 2);
        Assert.Null(PoolRules.CheckState(added, last.Curve.State));
        // Its price stays near where it began: nobody knows the token's value better than the pool that brought it.
        Assert.InRange(last.Curve.State[1] / last.Curve.State[0], 4, 6.5);
    }

    [Fact]
    public void A_pool_that_the_chain_has_goes_on_where_it_stands_when_it_is_added_again()
    {
        var chain = new SimulatedChain(SampleMarkets.Mixed, Options);
        Live(chain, 20);
        var state = chain[0].Curve.State;

        Assert.Equal(0, chain.Add(SampleMarkets.Mixed.Pools[0] with { Fee = 0.02 }));
        Assert.Equal((0.02, SampleMarkets.Mixed.Pools.Length), (chain[0].Fee, chain.PoolCount));
        Assert.Equal(state.AsEnumerable(), chain[0].Curve.State.AsEnumerable());
    }

    [Fact]
    public void Every_state_it_shows_is_one_that_a_market_may_be_in_and_positions_only_rise()
    {
        var chain = new SimulatedChain(SampleMarkets.Mixed, Options with { NoisePerFee = 3, ValueDeviationPerSlot = 5e-3 });
        var last = default(Messages.ChainPosition);
        var swapped = new HashSet<int>();
        for (var slot = 0; slot < 300; slot++)
        {
            for (var swap = 0; swap < 20; swap++)
            {
                if (!chain.TryNoise(out var observation))
                    continue;
                Assert.True(observation.At > last);
                last = observation.At;
                swapped.Add(observation.Pool);
                Assert.Null(PoolRules.CheckState(SampleMarkets.Mixed.Pools[observation.Pool], observation.State));
                Assert.All(observation.State, value => Assert.True(double.IsFinite(value) && value >= 0));
            }

            chain.AdvanceSlot();
        }

        Assert.Equal(SampleMarkets.Mixed.Pools.Length, swapped.Count);
        Assert.InRange(chain.Refused, 0, chain.Swaps / 2);
    }

    [Fact]
    public void Prices_stay_near_the_values_that_walk()
    {
        var chain = new SimulatedChain(SampleMarkets.Mixed, Options);
        Live(chain, 2_000);
        var product = ((ProductCurve)chain[0].Curve).Reserves;
        Assert.InRange(product[1] / product[0], 9.5, 10.5);
        var concentrated = (ConcentratedCurve)chain[5].Curve;
        Assert.InRange(concentrated.Price, 9.5, 10.5);
    }

    [Fact]
    public void Mispricings_between_pools_of_the_same_tokens_open_past_their_fees_and_close_again()
    {
        var chain = new SimulatedChain(SampleMarkets.Mixed, Options);
        var open = 0;
        const int slots = 500;
        for (var slot = 0; slot < slots; slot++)
        {
            Live(chain, 1);
            var product = ((ProductCurve)chain[0].Curve).Reserves;
            var price = ((ConcentratedCurve)chain[5].Curve).Price;
            if (Math.Abs((product[1] / product[0] / price) - 1) > chain[0].Fee + chain[5].Fee)
                open++;
        }

        Assert.InRange(open, 1, slots / 2);
    }

    [Fact]
    public void A_swap_of_ours_moves_its_pool_and_no_other()
    {
        var chain = new SimulatedChain(SampleMarkets.Mixed, Options);
        Assert.True(chain.TrySwap(0, 0, 1, 5, 0, out var observation));
        Assert.Equal(0, observation.Pool);
        Assert.True(observation.State[0] > 1_000);
        Assert.True(observation.State[1] < 10_000);
        Assert.Equal(observation.State, chain[0].Curve.State);
        Assert.False(chain.TrySwap(0, 0, 1, 5, 60, out _));
        Assert.Equal(observation.State, chain[0].Curve.State);
        for (var pool = 1; pool < chain.PoolCount; pool++)
            Assert.Equal(SampleMarkets.Mixed.Pools[pool], chain[pool]);
    }

    [Fact]
    public void Empty_pools_refuse_and_are_counted_and_nothing_throws()
    {
        var chain = new SimulatedChain(SampleMarkets.Empty, Options);
        Live(chain, 100);
        Assert.True(chain.Refused > 0);
        Assert.False(chain.TrySwap(0, 0, 1, 1, 0, out _));
        Assert.False(chain.TrySwap(0, 0, 1, double.NaN, 0, out _));
        Assert.False(chain.TrySwap(0, 0, 1, -1, 0, out _));
        Assert.False(chain.TrySwap(0, 0, 1, double.PositiveInfinity, 0, out _));
    }

    [Fact]
    public void A_state_that_does_not_fit_is_not_resumed()
    {
        var chain = new SimulatedChain(SampleMarkets.Mixed, Options);
        Assert.False(chain.TryResume(0, [1, 2, 3], 5_000));
        Assert.False(chain.TryResume(0, [double.NaN, 2], 5_000));
        Assert.Equal(1_000UL, chain.Slot);
    }

    [Fact]
    public void The_real_market_lives_with_few_refusals()
    {
        Assert.True(MarketFile.TryReadFile(SharedFiles.Sample("orca-185759999.json"), out var market, out _, out var error), error?.ToString());
        var chain = new SimulatedChain(market, Options);
        Live(chain, 100);
        Assert.InRange(chain.Refused, 0, chain.Swaps / 5);
    }

    private static List<string> Live(SimulatedChain chain, int slots)
    {
        var life = new List<string>();
        for (var slot = 0; slot < slots; slot++)
        {
            for (var swap = 0; swap < 40; swap++)
            {
                if (chain.TryNoise(out var observation))
                    life.Add($"{observation.Pool} {observation.At} {string.Join(' ', observation.State.Select(BitConverter.DoubleToInt64Bits))}");
            }

            chain.AdvanceSlot();
        }

        return life;
    }
}
