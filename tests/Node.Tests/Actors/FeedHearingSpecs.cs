using QTrade.Node.Actors;

namespace QTrade.Node.Tests.Actors;

/// <summary>When a live chain's feed counts as silent.</summary>
public sealed class FeedHearingSpecs
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddYears(50);
    private readonly FeedHearing _hearing = new(FeedHearing.ChainSilence);

    [Fact]
    public void One_that_says_nothing_for_longer_than_a_chain_does_is_silent()
    {
        _hearing.Hear(Start);
        Assert.False(_hearing.IsSilent(Start + FeedHearing.ChainSilence));
        Assert.True(_hearing.IsSilent(Start + FeedHearing.ChainSilence + TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void Where_the_clock_is_set_back_silence_counts_from_there()
    {
        _hearing.Hear(Start);
        var back = Start.AddMinutes(-30);
        Assert.False(_hearing.IsSilent(back));
        Assert.True(_hearing.IsSilent(back + FeedHearing.ChainSilence + TimeSpan.FromTicks(1)));
    }
}
