namespace QTrade.Actors.Kernel;

/// <summary>A running timer of one actor.</summary>
internal sealed class TimerEntry(ActorCell cell, string name, ActorRef to, object message, bool repeats) : ISimulationSource
{
    private ITimer? _timer;
    private int _waiting;

    public ActorPath Path => cell.Path;

    internal string Name { get; } = name;

    internal ActorRef To { get; } = to;

    internal bool Repeats { get; } = repeats;

    internal bool Cancelled { get; private set; }

    internal void Start(TimeProvider time, TimeSpan delay)
    {
        var timer = time.CreateTimer(
            static state => ((TimerEntry)state!).Fire(), this, delay, Repeats ? delay : Timeout.InfiniteTimeSpan);
        _timer = timer;
    }

    internal void Cancel()
    {
        Cancelled = true;
        _timer?.Dispose();
    }

    /// <summary>Called by the reader as it takes the timer's message: whether it still counts.</summary>
    internal bool Take()
    {
        Volatile.Write(ref _waiting, 0);
        return !Cancelled;
    }

    /// <summary>A tick that finds the one before it still waiting is left out, so that a slow actor is not buried by its timer.</summary>
    private void Fire()
    {
        if (Interlocked.Exchange(ref _waiting, 1) == 0)
            cell.Accept(new Envelope(message, null, this));
    }
}
