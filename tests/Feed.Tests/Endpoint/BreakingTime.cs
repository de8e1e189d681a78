namespace QTrade.Feed.Tests.Endpoint;

/// <summary>The system's time, until it breaks: what a request asks it for is thrown then, as a bug or a broken machine would.</summary>
public sealed class BreakingTime : TimeProvider
{
    public const string Reason = "the time cannot be told";

    private int _broken;

    public bool Breaks { get; set; }

    /// <summary>Requests that it broke.</summary>
    public int Broken => Volatile.Read(ref _broken);

    public override long GetTimestamp()
    {
        if (!Breaks)
            return base.GetTimestamp();
        Interlocked.Increment(ref _broken);
        throw new InvalidOperationException(Reason);
    }
}
