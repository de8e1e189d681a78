namespace QTrade.Feed.Tests.Endpoint;

/// <summary>A clock that shows what it is set to, over a time that stands still.</summary>
public sealed class SetBackTime : TimeProvider
{
    /// <summary>What the clock shows.</summary>
    public DateTimeOffset Shown { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Shown;

    public override long GetTimestamp() => 0;
}
