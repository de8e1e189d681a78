using QTrade.Actors.Scheduling;
using QTrade.Shared.Actors;

namespace QTrade.Actors.Tests;

public sealed class ThreadRig : Rig
{
    public ThreadRig() => Scheduler = new ThreadPoolScheduler(Clock);

    public ManualClock Clock { get; } = new();

    public override Scheduler Scheduler { get; }

    public override Task<T> NextAsync<T>(TestProbe<T> probe) => probe.NextAsync();

    public override Task<T> AwaitAsync<T>(Task<T> task) => task.WaitAsync(TestProbe<string>.Patience);

    public override async Task UntilAsync(Func<bool> holds)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TestProbe<string>.Patience, "it does not come to hold");
            await Task.Yield();
        }
    }

    public override Task TimersAsync(int running) => UntilAsync(() => Clock.Running == running);

    public override void Advance(TimeSpan duration) => Clock.Advance(duration);
}
