using QTrade.Actors;
using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Node.Actors;
using QTrade.Trading.Cluster;

namespace QTrade.Node.Cluster;

/// <summary>
/// Begins a term of the feed as its node takes the turn: what the feed then vouches for bears its number, so that a node which was paused and goes on vouches for
/// nothing any more. Of two that begin the same term one is fenced by the journal, and gives the turn back.
/// </summary>
/// <param name="node">The node's name.</param>
/// <param name="begun">Is told of the term once it is durable.</param>
/// <param name="health">Learns whether the journal writes.</param>
internal sealed class FeedTermActor(string node, ActorRef<FeedStarted> begun, JournalHealth health) : EventSourcedActor<FeedTermLook, IFeedEvent, FeedTerm>
{
    private const string AgainTimer = "again";

    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);

    private FeedTerm? _before;
    private long _begunAt;

    public override string PersistenceId => PersistenceIds.Feed;

    protected override FeedTerm Initial => FeedTerms.None;

    protected override IEventCodec<IFeedEvent> Codec => WireCodec<IFeedEvent>.Instance;

    public override FeedTerm Apply(FeedTerm state, IFeedEvent @event) => FeedTerms.Apply(state, @event);

    public override void OnRecovered(FeedTerm state, Effects<IFeedEvent> effects)
    {
        _before = state;
        Begin(state, effects);
    }

    public override void Decide(FeedTerm state, FeedTermLook message, Effects<IFeedEvent> effects)
    {
        if (state.Number > _before!.Number)
            health.Succeeded(_begunAt);
        else
            Begin(state, effects);
    }

    public override void OnPersistFailed(AppendStatus status, string error, Effects<IFeedEvent> effects)
    {
        health.Failed(status, error);
        effects.Schedule(AgainTimer, AgainAfter, Self, FeedTermLook.Instance);
    }

    private void Begin(FeedTerm state, Effects<IFeedEvent> effects)
    {
        _begunAt = health.Refusals;
        var started = FeedTerms.Start(state, node, effects.Now, Unreadable.Sum(lost => lost.Count));
        effects.Persist(started);
        effects.Send(begun, started);
        effects.Send(Self, FeedTermLook.Instance);
    }
}
