namespace QTrade.Node;

/// <summary>
/// Collects the youngest generation in the pause after a decision, so that it is seldom full during one: a collection holds everything up for about as long as a decision takes. What is decided
/// does not depend on it.
/// </summary>
public sealed class RestCollector : IDisposable
{
    /// <summary>A quarter of what the youngest generation may hold (<c>System.GC.Gen0MaxBudget</c>): a burst of decisions without a pause has the rest.</summary>
    public const long BytesBetween = 8L << 20;

    private readonly Func<long> _allocated;
    private readonly Action _collect;
    private readonly TimeSpan _pause;
    private readonly ITimer _timer;
    private long _collectedAt;

    /// <param name="time">Where the pause is measured.</param>
    /// <param name="pause">After so long without another decision there is a pause.</param>
    /// <param name="allocated">Bytes allocated so far.</param>
    /// <param name="collect">Collects.</param>
    public RestCollector(TimeProvider time, TimeSpan pause, Func<long> allocated, Action collect)
    {
        (_allocated, _collect, _pause) = (allocated, collect, pause);
        _timer = time.CreateTimer(_ => Rest(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>One for this process.</summary>
    public static RestCollector OfProcess(TimeProvider time, TimeSpan pause) =>
        new(time, pause, () => GC.GetTotalAllocatedBytes(), () => GC.Collect(0, GCCollectionMode.Forced, blocking: true));

    /// <summary>A decision is durable.</summary>
    public void Decided() => _timer.Change(_pause, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer.Dispose();

    private void Rest()
    {
        var allocated = _allocated();
        if (allocated - Interlocked.Read(ref _collectedAt) < BytesBetween)
            return;
        Interlocked.Exchange(ref _collectedAt, allocated);
        _collect();
    }
}
