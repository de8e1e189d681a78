using QTrade.Actors.Journal;
using QTrade.Actors.Kernel;

namespace QTrade.Actors.EventSourcing;

/// <summary>The append of one actor, reused from one to the next: an actor has at most one in flight.</summary>
internal sealed class EntityAppend(ActorCell cell, string persistenceId) : AppendRequest
{
    private readonly Ended _ended = new();
    private EventData[] _events = new EventData[1];
    private int _count;
    private long _firstSequenceNumber;

    public override string PersistenceId => persistenceId;

    public override long FirstSequenceNumber => _firstSequenceNumber;

    public override int Count => _count;

    public override EventData this[int index] => index < _count ? _events[index] : throw new ArgumentOutOfRangeException(nameof(index));

    public override void Complete(AppendStatus status, string? error)
    {
        _ended.Status = status;
        _ended.Error = error;
        cell.Tell(_ended);
    }

    internal void Begin(long firstSequenceNumber)
    {
        _firstSequenceNumber = firstSequenceNumber;
        _count = 0;
    }

    internal void Add(EventData data)
    {
        if (_count == _events.Length)
            Array.Resize(ref _events, _count * 2);
        _events[_count++] = data;
    }

    private sealed class Ended : SystemMessage
    {
        internal AppendStatus Status { get; set; }

        internal string? Error { get; set; }

        internal override bool DuringPersist => true;

        internal override void Handle(ActorCell cell) => cell.OnAppendEnded(Status, Error);
    }
}
