using QTrade.Actors.Kernel;
using QTrade.Actors.Work;

namespace QTrade.Actors.Scheduling;

/// <summary>What gives actors their turns, runs their work and tells the time.</summary>
public abstract class Scheduler
{
    private protected Scheduler()
    {
    }

    /// <summary>The clock that timers run by.</summary>
    public abstract TimeProvider Time { get; }

    /// <summary>How many messages an actor handles in one turn.</summary>
    internal abstract int Throughput { get; }

    /// <summary>The simulation, where this is one.</summary>
    internal virtual Simulation? Simulation => null;

    /// <summary>Gives the actor a turn soon.</summary>
    internal abstract void Schedule(ActorCell cell);

    internal abstract WorkPool CreateWorkPool(string name, WorkPoolOptions options);

    internal abstract void StartIo(IoItem item, Action ended, CancellationToken cancellationToken);
}
