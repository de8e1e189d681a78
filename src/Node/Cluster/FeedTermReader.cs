using QTrade.Actors;
using QTrade.Actors.EventSourcing;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Node.Actors;
using QTrade.Trading.Cluster;

namespace QTrade.Node.Cluster;

/// <summary>Reads for a router or an executor that begins which term of the feed is the newest in the journal, and ends. While the journal cannot be read it waits.</summary>
/// <param name="tell">Tells whoever begins.</param>
internal sealed class FeedTermReader(Action<FeedTermRead, Effects> tell) : EventSourcedActor<FeedTermLook, IFeedEvent, FeedTerm>
{
    public override string PersistenceId => PersistenceIds.Feed;

    protected override FeedTerm Initial => FeedTerms.None;

    protected override IEventCodec<IFeedEvent> Codec => WireCodec<IFeedEvent>.Instance;

    public override FeedTerm Apply(FeedTerm state, IFeedEvent @event) => FeedTerms.Apply(state, @event);

    public override void OnRecovered(FeedTerm state, Effects<IFeedEvent> effects)
    {
        tell(new FeedTermRead(state.Number + LostSince()), effects);
        effects.StopSelf();
    }

    /// <summary>Events that the journal lost behind the last that was read: each began a term. Who began one that was read had counted those before it.</summary>
    private long LostSince()
    {
        var (lost, last) = (0L, SequenceNumber);
        for (var i = Unreadable.Length - 1; i >= 0 && Unreadable[i].LastSequenceNumber == last; i--)
            (lost, last) = (lost + Unreadable[i].Count, Unreadable[i].FirstSequenceNumber - 1);
        return lost;
    }

    public override void Decide(FeedTerm state, FeedTermLook message, Effects<IFeedEvent> effects) =>
        throw new ArgumentOutOfRangeException(nameof(message), nameof(FeedTermLook), "nothing to look at: it has ended");
}
