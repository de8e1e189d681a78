using QTrade.Shared.Actors;

namespace QTrade.Node.Tests;

public sealed class RestCollectorSpecs
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30), Short = TimeSpan.FromMilliseconds(20);

    private readonly ManualClock _clock = new();
    private long _allocated = RestCollector.BytesBetween;
    private int _collected;

    [Fact]
    public void Once_there_is_a_pause_after_a_decision_what_was_allocated_is_collected()
    {
        using var rest = Collector();
        rest.Decided();
        _clock.Advance(Short);
        Assert.Equal(0, _collected);
        rest.Decided();
        _clock.Advance(Short);
        Assert.Equal(0, _collected);
        _clock.Advance(Short);
        Assert.Equal(1, _collected);
        _clock.Advance(Pause * 10);
        Assert.Equal(1, _collected);
    }

    [Fact]
    public void Little_is_left_for_the_next_pause()
    {
        using var rest = Collector();
        rest.Decided();
        _clock.Advance(Pause);
        _allocated += RestCollector.BytesBetween - 1;
        rest.Decided();
        _clock.Advance(Pause);
        Assert.Equal(1, _collected);
        _allocated++;
        rest.Decided();
        _clock.Advance(Pause);
        Assert.Equal(2, _collected);
    }

    private RestCollector Collector() => new(_clock, Pause, () => _allocated, () => _collected++);
}
