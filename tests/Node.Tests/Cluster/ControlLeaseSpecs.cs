using QTrade.Node.Cluster;
using QTrade.Trading.Cluster;

namespace QTrade.Node.Tests.Cluster;

/// <summary>Whether a node would hear a halt, by its own announcements that come back.</summary>
public sealed class ControlLeaseSpecs
{
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(100);

    private readonly ControlLease _lease = new();

    [Fact]
    public void Nothing_is_heard_before_the_first_announcement_came_back()
    {
        Assert.False(_lease.IsHeard(Start));
        _lease.Say(1, Start);
        Assert.False(_lease.IsHeard(Start));
        _lease.Hear(1);
        Assert.True(_lease.IsHeard(Start));
    }

    [Fact]
    public void What_came_back_counts_from_when_it_was_said()
    {
        _lease.Say(1, Start);
        _lease.Hear(1);
        Assert.True(_lease.IsHeard(Start + ClusterTiming.ControlSilence - TimeSpan.FromTicks(1)));
        Assert.False(_lease.IsHeard(Start + ClusterTiming.ControlSilence));
    }

    [Fact]
    public void What_lay_in_a_buffer_while_the_process_stood_still_tells_nothing_of_now()
    {
        for (var number = 1; number <= 4; number++)
            _lease.Say(number, Start + number * ClusterTiming.AnnounceEvery);
        var resumed = Start + TimeSpan.FromSeconds(30);
        for (var number = 1; number <= 4; number++)
            _lease.Hear(number);
        Assert.False(_lease.IsHeard(resumed));
        _lease.Say(5, resumed);
        Assert.False(_lease.IsHeard(resumed));
        _lease.Hear(5);
        Assert.True(_lease.IsHeard(resumed));
    }

    [Fact]
    public void One_that_comes_back_late_takes_nothing_away()
    {
        _lease.Say(1, Start);
        _lease.Say(2, Start + ClusterTiming.AnnounceEvery);
        _lease.Hear(2);
        _lease.Hear(1);
        Assert.True(_lease.IsHeard(Start + ClusterTiming.ControlSilence));
    }

    [Fact]
    public void One_that_was_never_said_or_is_long_forgotten_counts_for_nothing()
    {
        _lease.Say(1, Start);
        for (var number = 2; number <= 200; number++)
            _lease.Say(number, Start);
        _lease.Hear(1);
        _lease.Hear(500);
        Assert.False(_lease.IsHeard(Start));
    }
}
