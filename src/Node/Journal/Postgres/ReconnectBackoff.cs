namespace QTrade.Node.Journal.Postgres;

/// <summary>When to try to connect again: twice as late after each failure, up to a bound, and by a random part of it sooner.</summary>
internal sealed class ReconnectBackoff(PostgresJournalOptions options, TimeProvider time, int seed)
{
    private readonly Random _jitter = new(seed);
    private TimeSpan _wait;
    private long _failedAt;

    /// <summary>What is left to wait, zero or less where nothing is.</summary>
    public TimeSpan Left => _wait == TimeSpan.Zero ? TimeSpan.Zero : _wait - time.GetElapsedTime(_failedAt);

    private TimeSpan Base { get; set; }

    public void Failed()
    {
        Base = Base == TimeSpan.Zero ? options.BackoffMin : Base + Base < options.BackoffMax ? Base + Base : options.BackoffMax;
        _wait = Base * (1 - (_jitter.NextDouble() / 2));
        _failedAt = time.GetTimestamp();
    }

    public void Succeeded() => Base = _wait = TimeSpan.Zero;
}
