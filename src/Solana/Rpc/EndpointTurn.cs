namespace QTrade.Solana.Rpc;

/// <summary>
/// When an endpoint may be asked again: a token bucket of one second's requests, and a pause after a failure that doubles, is never
/// shorter than what the endpoint asked for, and is spread by jitter so that many clients do not come back at once. It is told the time that has
/// passed and not the time of day, which may be set back. Not thread-safe.
/// </summary>
/// <param name="options">Rate and pauses.</param>
/// <param name="jitter">Numbers in [0, 1).</param>
internal sealed class EndpointTurn(RpcOptions options, Func<double> jitter)
{
    private const int DoublingsMax = 16;

    private double _tokens = Math.Max(1, options.RequestsPerSecond);
    private TimeSpan _filledAt;
    private TimeSpan _notBefore;
    private int _failures;

    /// <summary>How long until the next request may go out; zero where it may go out at once.</summary>
    /// <param name="now">What has passed since the client began; it only grows.</param>
    public TimeSpan Wait(TimeSpan now)
    {
        Fill(now);
        var pause = _notBefore > now ? _notBefore - now : TimeSpan.Zero;
        var token = _tokens >= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds((1 - _tokens) / options.RequestsPerSecond);
        return pause > token ? pause : token;
    }

    /// <summary>Whether it pauses after a failure.</summary>
    public bool IsPausing(TimeSpan now) => _notBefore > now;

    /// <summary>A request goes out.</summary>
    public void Take() => _tokens--;

    /// <summary>It was answered.</summary>
    public void Succeeded() => _failures = 0;

    /// <summary>It failed.</summary>
    /// <param name="now">What has passed since the client began.</param>
    /// <param name="asked">The pause that the endpoint asked for; null where it asked for none.</param>
    public void Failed(TimeSpan now, TimeSpan? asked)
    {
        var pause = options.PauseMin * (1 << Math.Min(_failures++, DoublingsMax));
        if (asked is { } least && least > pause)
            pause = least;
        pause *= 1 + (jitter() / 2);
        _notBefore = now + (pause < options.PauseMax ? pause : options.PauseMax);
    }

    private void Fill(TimeSpan now)
    {
        _tokens = Math.Min(Math.Max(1, options.RequestsPerSecond), _tokens + ((now - _filledAt).TotalSeconds * options.RequestsPerSecond));
        _filledAt = now;
    }
}
