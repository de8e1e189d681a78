using QTrade.Actors.Scheduling;
using QTrade.Shared.Actors;

namespace QTrade.Actors.Tests;

/// <summary>A system under test and the way to let it go on, whichever scheduler it runs on.</summary>
public abstract class Rig : IDisposable
{
    private ActorSystem? _system;

    public ActorSystemOptions Options { get; set; } = new();

    public ActorSystem System => _system ??= new ActorSystem(Scheduler, Options);

    public abstract Scheduler Scheduler { get; }

    /// <summary>The next message of a probe, letting the system run as far as that takes.</summary>
    public abstract Task<T> NextAsync<T>(TestProbe<T> probe)
        where T : class;

    /// <summary>What a task of the edge gives, letting the system run as far as that takes.</summary>
    public abstract Task<T> AwaitAsync<T>(Task<T> task);

    /// <summary>Lets the system run until something holds that no message tells of.</summary>
    public abstract Task UntilAsync(Func<bool> holds);

    /// <summary>Lets the system run until so many timers are set.</summary>
    public abstract Task TimersAsync(int running);

    /// <summary>Lets time pass.</summary>
    public abstract void Advance(TimeSpan duration);

    public async Task ExpectAsync<T>(TestProbe<T> probe, params T[] expected)
        where T : class
    {
        foreach (var message in expected)
            Assert.Equal(message, await NextAsync(probe));
    }

    public void Dispose()
    {
        _system?.Dispose();
        GC.SuppressFinalize(this);
    }
}
