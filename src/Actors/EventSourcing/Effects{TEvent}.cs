using QTrade.Actors.Kernel;

namespace QTrade.Actors.EventSourcing;

/// <summary>
/// The effects of an event-sourced actor. Where events are recorded, every other effect waits until they are durable and applied;
/// if they are not written, none of it happens.
/// </summary>
public sealed class Effects<TEvent> : Effects
{
    private readonly List<TEvent> _events = [];

    internal Effects(ActorCell cell)
        : base(cell)
    {
    }

    internal List<TEvent> Events => _events;

    /// <summary>Whether events may be recorded now.</summary>
    internal bool Closed { get; set; }

    /// <summary>Records an event. All events of one handler become durable together or not at all.</summary>
    public void Persist(TEvent @event)
    {
        if (Closed)
            throw new InvalidOperationException("events are not recorded while a refused append is being told or the actor stops");
        _events.Add(@event);
        RequireRun();
    }

    internal override void CloseEvents() => Closed = true;

    internal override void Rollback()
    {
        base.Rollback();
        _events.Clear();
    }
}
