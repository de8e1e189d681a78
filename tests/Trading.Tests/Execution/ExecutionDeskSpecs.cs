using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Trading.Execution;

namespace QTrade.Trading.Tests.Execution;

public sealed class ExecutionDeskSpecs
{
    private readonly ExecutionDesk desk = new();

    [Fact]
    public void A_solution_that_comes_again_while_it_waits_waits_once_in_its_place()
    {
        Take(1, 1, 108);
        Take(1, 2, 109);
        Take(1, 1, 110);

        Assert.Equal([(1L, 110UL), (2L, 109UL)], desk.TakeHeld().Select(held => (held.SnapshotId.Number, held.ExpirySlot)));
        Assert.Empty(desk.TakeHeld());
    }

    /// <summary>However many routers replace one another while nothing is taken up, no more waits than the last of them has outstanding.</summary>
    [Fact]
    public void What_a_replaced_router_published_waits_no_more()
    {
        for (var epoch = 1; epoch <= 50; epoch++)
        {
            for (var number = 1; number <= 100; number++)
                Take(epoch, (epoch * 10) + number, 108);
        }

        Take(49, 7, 108);

        Assert.Equal(100, desk.Held);
        Assert.All(desk.TakeHeld(), held => Assert.Equal(50, held.Epoch));
    }

    private void Take(long epoch, long number, ulong expirySlot)
    {
        if (desk.Hear(epoch))
            desk.Hold(new ExecuteSolution(epoch, new SnapshotId(1, number), [], expirySlot));
    }
}
