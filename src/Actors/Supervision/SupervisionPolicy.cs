namespace QTrade.Actors.Supervision;

/// <summary>What happens to an actor whose handler throws.</summary>
public sealed record SupervisionPolicy
{
    /// <summary>Restart with a backoff from 100 ms to 10 s, at most 10 times in a minute.</summary>
    public static SupervisionPolicy Default { get; } = new();

    /// <summary>Stop at the first failure.</summary>
    public static SupervisionPolicy Stop { get; } = new() { Decide = static _ => SupervisionDirective.Stop };

    /// <summary>Hand every failure to the parent.</summary>
    public static SupervisionPolicy Escalate { get; } = new() { Decide = static _ => SupervisionDirective.Escalate };

    /// <summary>Chooses by the failure. Pure.</summary>
    public Func<Exception, SupervisionDirective> Decide { get; init; } = static _ => SupervisionDirective.Restart;

    /// <summary>Restarts allowed within <see cref="RestartWindow"/>; one more stops the actor.</summary>
    public int MaxRestarts { get; init; } = 10;

    /// <summary>The window over which restarts are counted.</summary>
    public TimeSpan RestartWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Wait before the first restart in a window; doubles with each further one.</summary>
    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest wait before a restart.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The wait before the <paramref name="restart"/>th restart in a window, from 1.</summary>
    internal TimeSpan Backoff(int restart)
    {
        var backoff = MinBackoff;
        for (var i = 1; i < restart && backoff < MaxBackoff; i++)
            backoff += backoff;
        return backoff < MaxBackoff ? backoff : MaxBackoff;
    }
}
