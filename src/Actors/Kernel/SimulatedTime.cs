namespace QTrade.Actors.Kernel;

/// <summary>Virtual time as a clock. Timers are events of the simulation, ordered by the path of what they belong to.</summary>
internal sealed class SimulatedTime(Simulation simulation) : TimeProvider
{
    private static readonly ActorPath Outside = new("/?timer");

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>By how much what the clock shows differs from virtual time, asked at each reading; null: by nothing.</summary>
    internal Func<TimeSpan>? Error { get; set; }

    public override DateTimeOffset GetUtcNow() => new(simulation.Now + (Error?.Invoke().Ticks ?? 0), TimeSpan.Zero);

    public override long GetTimestamp() => simulation.Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(simulation, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class VirtualTimer(Simulation simulation, TimerCallback callback, object? state) : ITimer
    {
        private readonly ActorPath _path = (state as ISimulationSource)?.Path ?? Outside;
        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private long _change;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _change++;
            _period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
                FireAt(simulation.Now + dueTime.Ticks);
            return true;
        }

        public void Dispose() => _change++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void FireAt(long time)
        {
            var change = _change;
            simulation.At(time, _path, () => Fire(change, time));
        }

        private void Fire(long change, long time)
        {
            if (change != _change)
                return;
            if (_period > TimeSpan.Zero)
                FireAt(time + _period.Ticks);
            callback(state);
        }
    }
}
