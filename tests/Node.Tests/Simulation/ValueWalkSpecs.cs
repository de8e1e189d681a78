using QTrade.Node.Simulation;

namespace QTrade.Node.Tests.Simulation;

public sealed class ValueWalkSpecs
{
    private const double Deviation = 2e-4;

    [Fact]
    public void The_walk_starts_at_zero_for_every_token()
    {
        var walk = new ValueWalk(11, Deviation);
        Assert.All(Enumerable.Range(0, 50), token => Assert.Equal(0.0, walk.At(token, 0)));
    }

    [Fact]
    public void A_slot_has_one_value_in_whatever_order_slots_are_asked_for()
    {
        var forward = new ValueWalk(11, Deviation);
        var upward = Enumerable.Range(0, 500).Select(slot => forward.At(3, (ulong)slot * 37)).ToArray();
        var backward = new ValueWalk(11, Deviation);
        var downward = Enumerable.Range(0, 500).Reverse().Select(slot => backward.At(3, (ulong)slot * 37)).Reverse().ToArray();
        Assert.Equal(upward, downward);
    }

    [Fact]
    public void Steps_from_slot_to_slot_have_the_deviation_asked_for_also_across_epochs()
    {
        var walk = new ValueWalk(5, Deviation);
        const ulong first = 8192 - 2000;
        const int count = 4000;
        double squares = 0, largest = 0;
        var before = walk.At(0, first);
        for (ulong slot = first + 1; slot <= first + count; slot++)
        {
            var value = walk.At(0, slot);
            squares += (value - before) * (value - before);
            largest = Math.Max(largest, Math.Abs(value - before));
            before = value;
        }

        Assert.InRange(Math.Sqrt(squares / count), 0.9 * Deviation, 1.1 * Deviation);
        Assert.InRange(largest, 0, 6 * Deviation);
    }

    [Fact]
    public void Over_days_the_walk_stays_near_its_start()
    {
        var walk = new ValueWalk(5, Deviation);
        Assert.All(Enumerable.Range(0, 300), epoch => Assert.InRange(walk.At(1, (ulong)epoch * 5000), -0.08, 0.08));
    }

    [Fact]
    public void Tokens_and_seeds_walk_apart()
    {
        var walk = new ValueWalk(5, Deviation);
        Assert.NotEqual(walk.At(0, 1000), walk.At(1, 1000));
        Assert.NotEqual(walk.At(0, 1000), new ValueWalk(6, Deviation).At(0, 1000));
    }
}
