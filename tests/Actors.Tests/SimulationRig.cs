using QTrade.Actors.Scheduling;
using QTrade.Shared.Actors;

namespace QTrade.Actors.Tests;

public sealed class SimulationRig(ulong seed = 1, SimulationOptions? options = null) : Rig
{
    public SimulationScheduler Simulation { get; } = new(seed, options);

    public override Scheduler Scheduler => Simulation;

    public override Task<T> NextAsync<T>(TestProbe<T> probe)
    {
        while (true)
        {
            if (probe.TryNext(out var message))
                return Task.FromResult(message!);
            Assert.True(Simulation.Step(), "nothing is due any more and the message has not come");
        }
    }

    public override async Task<T> AwaitAsync<T>(Task<T> task)
    {
        while (!task.IsCompleted && Simulation.Step())
        {
        }

        return await task.WaitAsync(TestProbe<string>.Patience);
    }

    public override Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            Assert.True(Simulation.Step(), "nothing is due any more and it does not hold");
        return Task.CompletedTask;
    }

    public override Task TimersAsync(int running)
    {
        Advance(TimeSpan.Zero);
        return Task.CompletedTask;
    }

    public override void Advance(TimeSpan duration) => Simulation.RunFor(duration);
}
