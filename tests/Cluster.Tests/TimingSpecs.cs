using QTrade.Broker.RabbitMq;
using QTrade.Trading.Cluster;

namespace QTrade.Cluster.Tests;

/// <summary>The bounds that faults are held to: from what the nodes wait for, so that neither is loosened without the other.</summary>
public sealed class TimingSpecs
{
    /// <summary>What recovering, subscribing and one commit may take beside what is waited for.</summary>
    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(3500);

    [Fact]
    public void A_time_is_within_its_bound_or_fails_by_name()
    {
        var late = new Timing("pools elsewhere", TimeSpan.FromSeconds(3.1), TimeSpan.FromSeconds(3), 1);

        Assert.False(late.IsWithin);
        Assert.Equal("pools elsewhere 3.10 s (< 3 s x 1.00) TOO LONG", late.ToString());
        Assert.True((late with { Time = TimeSpan.FromSeconds(2.9) }).IsWithin);
        Assert.True((late with { Load = 1.1 }).IsWithin);
        Assert.True((late with { Max = null }).IsWithin);
    }

    [Fact]
    public void A_busy_machine_excuses_four_times_the_bound_at_most()
    {
        Assert.Equal(4, MachineLoad.Most);
        Assert.InRange(MachineLoad.Now().Factor(), 1, MachineLoad.Most);
    }

    [Fact]
    public void Bounds_are_what_the_nodes_wait_for_and_little_more()
    {
        TimeSpan heartbeat = new RabbitTransportOptions { Broker = new Uri("amqp://h"), Cluster = "c", Node = "n" }.Heartbeat;

        AtMost(ClusterTiming.GoneAfter + TimeSpan.FromMilliseconds(1500), Timing.PoolsMax);
        // The broker gives up after three heartbeats.
        AtMost(ClusterTiming.GoneAfter + (3 * heartbeat) + Work, Timing.PausedMax);
        AtMost(ClusterTiming.JournalSilence + ClusterTiming.GoneAfter + Work, Timing.CutFromDatabaseMax);
        AtMost((2 * ClusterTiming.JournalSilence) + ClusterTiming.GoneAfter + Work, Timing.NoAnswerFromDatabaseMax);
        AtMost(ClusterTiming.ControlSilence, Timing.HaltMax);
        AtMost(TimeSpan.FromSeconds(1), Timing.LeaveMax);
    }

    private static void AtMost(TimeSpan waitedFor, TimeSpan bound) => Assert.InRange(bound, TimeSpan.Zero, waitedFor);
}
