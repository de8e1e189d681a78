using System.Runtime.CompilerServices;
using QTrade.Actors.Scheduling;

namespace QTrade.Actors.Kernel;

/// <summary>The heap of a simulation and the loop that empties it.</summary>
internal sealed class Simulation
{
    private readonly PriorityQueue<SimulatedEvent, EventKey> _due = new(EventKey.Order);
    private readonly ConditionalWeakTable<ActorCell, Dictionary<ActorPath, long>>? _lastArrivals;
    private readonly long _maxDelayTicks;
    private ulong _random;
    private long _sequence;

    internal Simulation(ulong seed, SimulationOptions options)
    {
        _random = seed;
        _maxDelayTicks = options.MaxDeliveryDelay.Ticks;
        _lastArrivals = _maxDelayTicks > 0 ? [] : null;
        Now = options.Start.UtcTicks;
        Time = new SimulatedTime(this);
    }

    internal SimulatedTime Time { get; }

    /// <summary>Virtual time in ticks (100 ns) of UTC.</summary>
    internal long Now { get; private set; }

    internal long Steps { get; private set; }

    internal Func<long, bool>? BeforeStep { get; set; }

    internal void Deliver(ActorCell to, object item, ActorCell? sender, CreditWaiter? waiter)
    {
        var from = sender?.Path ?? ActorPath.Root;
        Add(ArrivalOf(to, from), from, new SimulatedEvent(to, item, waiter));
    }

    internal void Activate(ActorCell cell) => Add(Now, cell.Path, new SimulatedEvent(cell, null, null));

    internal void At(long time, ActorPath path, Action action) => Add(time, path, new SimulatedEvent(action, null, null));

    internal void StartIo(IoItem item, Action ended, CancellationToken cancellationToken) =>
        At(Now, item.Path, () => _ = RunIoAsync(item, ended, cancellationToken));

    internal SimulationEnd Step(DateTimeOffset until)
    {
        if (!_due.TryPeek(out _, out var key))
            return SimulationEnd.Idle;
        if (key.Time > until.UtcTicks)
            return SimulationEnd.TimeReached;
        if (BeforeStep is { } before && !before(Steps + 1))
            return SimulationEnd.Stopped;
        var happening = _due.Dequeue();
        Steps++;
        Now = key.Time;
        Happen(happening);
        return SimulationEnd.Stepped;
    }

    internal SimulationEnd RunUntil(DateTimeOffset time)
    {
        SimulationEnd end;
        do
        {
            end = Step(time);
        }
        while (end == SimulationEnd.Stepped);

        if (end == SimulationEnd.Stopped)
            return end;
        Now = Math.Max(Now, time.UtcTicks);
        return SimulationEnd.TimeReached;
    }

    internal SimulationEnd RunUntilIdle(long maxSteps)
    {
        for (var i = 0L; i < maxSteps; i++)
        {
            var end = Step(DateTimeOffset.MaxValue);
            if (end != SimulationEnd.Stepped)
                return end;
        }

        throw new InvalidOperationException($"the simulation is not idle after {maxSteps} events");
    }

    /// <summary>Without a synchronization context, so that what awaits virtual time goes on inside the event and not on another thread.</summary>
    private static void Happen(in SimulatedEvent happening)
    {
        var context = SynchronizationContext.Current;
        if (context is null)
        {
            happening.Happen();
            return;
        }

        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            happening.Happen();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private static async Task RunIoAsync(IoItem item, Action ended, CancellationToken cancellationToken)
    {
        await item.StartAsync(cancellationToken).ConfigureAwait(false);
        ended();
    }

    private void Add(long time, ActorPath path, SimulatedEvent happening) =>
        _due.Enqueue(happening, new EventKey(Math.Max(time, Now), path, ++_sequence));

    /// <summary>Now plus the seed's delay, but not before what the same sender sent there earlier.</summary>
    private long ArrivalOf(ActorCell to, ActorPath from)
    {
        if (_lastArrivals is null)
            return Now;
        var arrivals = _lastArrivals.GetOrCreateValue(to);
        var arrival = Now + (long)(NextRandom() % (ulong)(_maxDelayTicks + 1));
        arrivals.TryGetValue(from, out var last);
        return arrivals[from] = Math.Max(arrival, last);
    }

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014).</summary>
    private ulong NextRandom()
    {
        var z = _random += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
