using QTrade.Actors.Supervision;

namespace QTrade.Actors.Kernel;

/// <summary>
/// What the kernel keeps of one actor over all its instances. Run by one thread at a time; only the mailbox is touched by others.
/// This part decides when the actor's turn comes; the other parts: its life, its effects.
/// </summary>
internal abstract partial class ActorCell : IThreadPoolWorkItem, ISimulationSource
{
    private readonly Mailbox _mailbox;
    private readonly Simulation? _simulation;
    private Effects _effects = null!;
    private Queue<SystemMessage>? _deferred;
    private Stack<object>? _unstashed;
    private List<object>? _stash;
    private volatile CellState _state = CellState.New;
    private long _processed;

    private protected ActorCell(ActorSystem system, ActorCell? parent, ActorPath path, Mailbox mailbox, SupervisionPolicy supervision)
    {
        System = system;
        Parent = parent;
        Path = path;
        _mailbox = mailbox;
        _supervision = supervision;
        _simulation = system.Scheduler.Simulation;
    }

    public ActorPath Path { get; }

    internal ActorSystem System { get; }

    internal ActorCell? Parent { get; }

    internal ActorRef Ref { get; private protected init; } = null!;

    internal TimeProvider Time => System.Time;

    private protected abstract int StashCapacity { get; }

    /// <summary>A message for this actor, from wherever; with a waiter, one that may be refused for want of room.</summary>
    internal void Send(object item, ActorCell? sender, CreditWaiter? waiter = null)
    {
        if (_simulation is null)
            Accept(item, waiter);
        else
            _simulation.Deliver(this, item, sender, waiter);
    }

    /// <summary>Puts a message into the mailbox.</summary>
    internal void Accept(object item, CreditWaiter? waiter = null)
    {
        if (Receive(item, waiter))
            System.Scheduler.Schedule(this);
    }

    /// <summary>Puts a message into the mailbox; true if the actor sleeps and is to be given a turn.</summary>
    internal bool Receive(object item, CreditWaiter? waiter)
    {
        switch (_mailbox.Post(item, waiter))
        {
            case PostResult.Queued:
                return false;
            case PostResult.Wake:
                return true;
            case PostResult.Full when waiter is not null:
                waiter.TellFull(this);
                return false;
            case PostResult.Full:
                System.DeadLetters.Add(Path, item, DeadLetterReason.MailboxFull);
                return false;
            default:
                System.DeadLetters.Add(Path, item, DeadLetterReason.Stopped);
                return false;
        }
    }

    internal void Tell(SystemMessage message) => TryTell(message);

    /// <summary>The kernel's word; false if the actor has stopped.</summary>
    internal bool TryTell(SystemMessage message)
    {
        var result = _mailbox.PostSystem(message);
        if (result == PostResult.Wake)
            System.Scheduler.Schedule(this);
        return result != PostResult.Closed;
    }

    /// <summary>One turn: what the kernel has to say, then messages up to the scheduler's batch. None where the system has ended.</summary>
    public void Execute()
    {
        // What comes in still, such as a read of a journal that its owner closed, has nobody to deal with it.
        if (System.IsEnded)
            return;
        var budget = System.Scheduler.Throughput;
        while (true)
        {
            if (_mailbox.HasSystem)
            {
                if (_state == CellState.Active)
                    RunEffects();
                HandleSystem();
            }

            if (_state == CellState.Active)
            {
                if (budget > 0 && TryTake(out var item))
                {
                    budget--;
                    while (_mailbox.TakeCredit() is { } waiter)
                        waiter.TellCredit(this);
                    Process(item);
                    continue;
                }

                RunEffects();
                if (_state != CellState.Active || _mailbox.HasSystem)
                    continue;
                if (budget == 0)
                {
                    if (_mailbox.Depth > 0 || _unstashed is { Count: > 0 })
                    {
                        System.Scheduler.Schedule(this);
                        return;
                    }

                    budget = 1;
                }
            }

            if (_state == CellState.Stopped || _mailbox.TrySleep(_state != CellState.Active))
                return;
        }
    }

    private protected abstract void Invoke(object message, Effects effects);

    private bool TryTake(out object item)
    {
        if (_unstashed is { Count: > 0 })
        {
            item = _unstashed.Pop();
            return true;
        }

        var taken = _mailbox.TryTake(out var waiting);
        item = waiting!;
        return taken;
    }

    private void Process(object item)
    {
        TraceContext? trace = null;
        var message = item;
        if (item is Envelope envelope)
        {
            message = envelope.Message;
            if (envelope.Timer is { } timer)
            {
                if (!TakeTimer(timer))
                    return;
                if (!ReferenceEquals(timer.To, Ref))
                {
                    timer.To.Deliver(message, this);
                    return;
                }
            }

            trace = envelope.Trace;
        }

        _effects.Begin(trace);
        try
        {
            Invoke(message, _effects);
        }
#pragma warning disable CA1031 // A handler's failure is what supervision is for.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _effects.Rollback();
            RunEffects();
            Fail(failure);
            return;
        }

        Volatile.Write(ref _processed, _processed + 1);
        if (_effects.StashRequested)
            PutAside(item);
        if (_effects.MustRun || _effects.Count >= System.Scheduler.Throughput)
            RunEffects();
    }

    private void HandleSystem()
    {
        while (_state != CellState.Stopped && _mailbox.TakeSystem() is { } message)
        {
            if (_state == CellState.Persisting && !message.DuringPersist)
                (_deferred ??= new Queue<SystemMessage>()).Enqueue(message);
            else
                message.Handle(this);
            while (_state != CellState.Persisting && _deferred is { Count: > 0 } && _state != CellState.Stopped)
                _deferred.Dequeue().Handle(this);
        }
    }

    private void PutAside(object item)
    {
        _stash ??= [];
        if (_stash.Count < StashCapacity)
            _stash.Add(item);
        else
            System.DeadLetters.Add(Path, item, DeadLetterReason.StashFull);
    }

    private void BringBack()
    {
        if (_stash is null)
            return;
        _unstashed ??= new Stack<object>();
        for (var i = _stash.Count - 1; i >= 0; i--)
            _unstashed.Push(_stash[i]);
        _stash.Clear();
    }
}
