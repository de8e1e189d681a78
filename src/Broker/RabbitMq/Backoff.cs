namespace QTrade.Broker.RabbitMq;

/// <summary>Waits twice as long after each failure, up to a bound, and by a random part of it shorter.</summary>
internal sealed class Backoff(TimeSpan min, TimeSpan max, TimeProvider time, int seed)
{
    private readonly Random _jitter = new(seed);
    private TimeSpan _base;

    public void Succeeded() => _base = TimeSpan.Zero;

    /// <summary>Waits after a failure, or until it is cancelled; never faults.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        _base = _base == TimeSpan.Zero ? min : _base + _base < max ? _base + _base : max;
        await Task.Delay(_base * (1 - (_jitter.NextDouble() / 2)), time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
