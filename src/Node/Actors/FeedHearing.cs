namespace QTrade.Node.Actors;

/// <summary>Whether a live chain's feed is heard. One that died says nothing, not even that what it vouched for is true no more.</summary>
/// <param name="silence">How long it may say nothing; null where the market is no live chain.</param>
internal sealed class FeedHearing(TimeSpan? silence)
{
    private DateTimeOffset _heard = DateTimeOffset.MinValue;
    private bool _told = true;

    /// <summary>A live chain has a slot every 400 ms: of one that says so much longer nothing, the states may be any.</summary>
    public static readonly TimeSpan ChainSilence = TimeSpan.FromSeconds(5);

    /// <summary>It said something.</summary>
    public void Hear(DateTimeOffset now) => (_heard, _told) = (now, false);

    public bool IsSilent(DateTimeOffset now)
    {
        // Where the clock was set back its silence counts from there.
        if (now < _heard)
            _heard = now;
        return silence is { } most && now - _heard > most;
    }

    /// <summary>Whether nobody was told yet that it fell silent.</summary>
    public bool IsNews()
    {
        var news = !_told;
        _told = true;
        return news;
    }
}
