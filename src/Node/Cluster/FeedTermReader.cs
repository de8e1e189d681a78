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
        // Each event that the journal lost may have begun a term.
        tell(new FeedTermRead(state.Number + Unreadable.Sum(lost => lost.Count)), effects);
        effects.StopSelf();
    }

    public override void Decide(FeedTerm state, FeedTermLook message, Effects<IFeedEvent> effects) =>
        throw new ArgumentOutOfRangeException(nameof(message), nameof(FeedTermLook), "nothing to look at: it has ended");
}
