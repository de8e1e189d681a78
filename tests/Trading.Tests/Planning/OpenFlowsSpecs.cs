using QTrade.Trading.Planning;

namespace QTrade.Trading.Tests.Planning;

/// <summary>What is left of flows: of token 0 into token 1, both worth 1.</summary>
public sealed class OpenFlowsSpecs
{
    [Fact]
    public void What_loses_counts_against_what_gains()
    {
        var flows = new OpenFlows([Flow(10, 20), Flow(10, 1)], [1, 1]);
        Assert.False(flows.GainMoreThan(5));
        Assert.True(flows.GainMoreThan(0.5));
    }

    [Fact]
    public void What_is_left_gains_less_with_every_use()
    {
        var flows = new OpenFlows([Flow(10, 20), Flow(10, 12)], [1, 1]);
        Assert.True(flows.GainMoreThan(11.9));
        flows.Use(0, 5, 10);
        Assert.False(flows.GainMoreThan(7.1));
        Assert.True(flows.GainMoreThan(6.9));
        flows.Close(0);
        Assert.False(flows.GainMoreThan(2.1));
        Assert.True(flows.GainMoreThan(1.9));
    }

    [Fact]
    public void The_turnover_of_a_token_is_what_its_open_flows_tender()
    {
        var flows = new OpenFlows([Flow(1e9, 2e9), Flow(1e-9, 2e-9), Flow(3e-9, 4e-9)], [1, 1]);
        flows.Use(0, 4e8, 8e8);
        Assert.Equal(6e8, flows.Turnover(0), 1e-6);
        flows.Use(0, 6e8, 12e8);
        Assert.Equal(4e-9, flows.Turnover(0), 1e-24);
        flows.Use(1, 0.5e-9, 1e-9);
        Assert.Equal(3.5e-9, flows.Turnover(0), 1e-24);
        flows.Close(1);
        flows.Close(2);
        Assert.Equal(0, flows.Turnover(0));
        Assert.Equal(0, flows.Turnover(1));
    }

    private static PoolFlow Flow(double tender, double receive) => new(Pool: 0, SlotIn: 0, SlotOut: 1, TokenIn: 0, TokenOut: 1, tender, receive);
}
