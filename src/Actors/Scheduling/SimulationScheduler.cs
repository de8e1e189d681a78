using QTrade.Actors.Kernel;
using QTrade.Actors.Work;

namespace QTrade.Actors.Scheduling;

/// <summary>
/// Actors in virtual time on the caller's thread. Everything that happens is an event in one heap, ordered by time, then by the path
/// of its sender, then by its number; the same seed gives the same run, event for event. Nothing happens but inside
/// <see cref="Step"/> and what calls it, and the simulated system is touched from that thread only.
/// </summary>
public sealed class SimulationScheduler : Scheduler
{
    private readonly Simulation _simulation;

    /// <param name="seed">Chooses the delays of messages, where there are any.</param>
    /// <param name="options">When it begins, and how messages are delayed.</param>
    public SimulationScheduler(ulong seed, SimulationOptions? options = null)
    {
        Seed = seed;
        _simulation = new Simulation(seed, options ?? new SimulationOptions());
    }

    public ulong Seed { get; }

    /// <summary>Virtual time. Its timers are events of the simulation.</summary>
    public override TimeProvider Time => _simulation.Time;

    /// <summary>Events that have happened.</summary>
    public long Steps => _simulation.Steps;

    /// <summary>
    /// Called before each event with its number, from 1; answering false ends the run there, before the event: that is where a test
    /// kills the node. Nothing of the system runs unless a run is called again.
    /// </summary>
    public Func<long, bool>? BeforeStep
    {
        get => _simulation.BeforeStep;
        set => _simulation.BeforeStep = value;
    }

    internal override int Throughput => 1;

    internal override Simulation Simulation => _simulation;

    /// <summary>
    /// By how much the clock that handlers read differs from virtual time, asked at each reading: that of one which was set back, or which goes on while a
    /// handler runs. Timers and timestamps do not follow it. Null: by nothing.
    /// </summary>
    public Func<TimeSpan>? ClockError
    {
        get => _simulation.Time.Error;
        set => _simulation.Time.Error = value;
    }

    /// <summary>Lets the next event happen; false if there is none or <see cref="BeforeStep"/> ended the run.</summary>
    public bool Step() => _simulation.Step(DateTimeOffset.MaxValue) == SimulationEnd.Stepped;

    /// <summary>Lets everything happen up to and including <paramref name="time"/>, which it then is.</summary>
    public SimulationEnd RunUntil(DateTimeOffset time) => _simulation.RunUntil(time);

    /// <summary>Lets <paramref name="duration"/> of virtual time pass.</summary>
    public SimulationEnd RunFor(TimeSpan duration) => _simulation.RunUntil(new DateTimeOffset(_simulation.Now, TimeSpan.Zero) + duration);

    /// <summary>Lets everything happen until nothing is due any more, at most <paramref name="maxSteps"/> events. A repeating timer never ends.</summary>
    /// <exception cref="InvalidOperationException">There were more events than that.</exception>
    public SimulationEnd RunUntilIdle(long maxSteps = 1_000_000) => _simulation.RunUntilIdle(maxSteps);

    internal override void Schedule(ActorCell cell) => _simulation.Activate(cell);

    internal override WorkPool CreateWorkPool(string name, WorkPoolOptions options) => new SimulatedWorkPool(name, options, _simulation);

    internal override void StartIo(IoItem item, Action ended, CancellationToken cancellationToken) =>
        _simulation.StartIo(item, ended, cancellationToken);
}
