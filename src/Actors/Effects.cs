using QTrade.Actors.Kernel;
using QTrade.Actors.Work;

namespace QTrade.Actors;

/// <summary>
/// What a handler wants to happen. It belongs to the kernel, is reused, and is carried out in the recorded order after the handler
/// returned; if the handler throws, nothing of it happens.
/// </summary>
public class Effects
{
    private const int FirstCapacity = 8;

    /// <summary>The runtime's timers count milliseconds, and this many at most.</summary>
    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromMilliseconds(1), LongestDelay = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly ActorCell _cell;
    private EffectEntry[] _entries = new EffectEntry[FirstCapacity];
    private int _count;
    private int _kept;

    internal Effects(ActorCell cell) => _cell = cell;

    /// <summary>The time, by the system's clock.</summary>
    public DateTimeOffset Now => _cell.Time.GetUtcNow();

    /// <summary>The trace of the message being handled, carried on by everything sent; a handler may begin or change it.</summary>
    public TraceContext? Trace { get; set; }

    internal int Count => _count;

    /// <summary>Whether anything but sends waits, which is carried out before the next message.</summary>
    internal bool MustRun { get; private set; }

    internal bool StashRequested { get; private set; }

    /// <summary>Sends a message.</summary>
    public void Send<T>(ActorRef<T> to, T message)
        where T : class
    {
        ThrowIfNobody(to);
        var content = Wrap(message);
        ref var entry = ref Add(EffectKind.Send);
        entry.Subject = to;
        entry.Content = content;
    }

    /// <summary>
    /// Sends a message without waiting for the commit of what the same handler persists: for work that has no effect by itself, and whose answer counts only where the
    /// events did commit. It is sent also where the journal then refuses them.
    /// </summary>
    public void SendAtOnce<T>(ActorRef<T> to, T message)
        where T : class
    {
        ThrowIfNobody(to);
        var content = Wrap(message);
        ref var entry = ref Add(EffectKind.SendAtOnce);
        entry.Subject = to;
        entry.Content = content;
    }

    /// <summary>
    /// Sends a message to an actor that may be full. If it is, the message is not taken: <paramref name="full"/> comes back to
    /// <paramref name="sender"/> at once and <paramref name="credit"/> later, when there is room again.
    /// </summary>
    public void Offer<T, TSender>(ActorRef<T> to, T message, ActorRef<TSender> sender, TSender full, TSender credit)
        where T : class
        where TSender : class
    {
        ThrowIfNobody(to);
        var content = Wrap(message);
        ref var entry = ref AddAndRun(EffectKind.Offer);
        entry.Subject = to;
        entry.Content = content;
        entry.More = new CreditWaiter(sender, full, credit);
    }

    /// <summary>Starts a timer of this actor that sends once; one running under the same name is replaced.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative or longer than 49 days.</exception>
    public void Schedule<T>(string timer, TimeSpan delay, ActorRef<T> to, T message)
        where T : class => StartTimer(timer, delay, to, message, repeats: false);

    /// <summary>Starts a timer of this actor that sends again and again. A tick that finds the last one unhandled is left out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The period is shorter than 1 ms or longer than 49 days.</exception>
    public void ScheduleRepeatedly<T>(string timer, TimeSpan period, ActorRef<T> to, T message)
        where T : class => StartTimer(timer, period, to, message, repeats: true);

    /// <summary>Stops a timer of this actor. A message of it that waits for this actor is not handled.</summary>
    public void CancelTimer(string timer) => AddAndRun(EffectKind.CancelTimer).Subject = timer;

    /// <summary>
    /// Runs <paramref name="work"/> on the pool's threads; what it answers, or why it failed, comes back as a message.
    /// </summary>
    /// <param name="pool">Whose threads run it.</param>
    /// <param name="work">A function of immutable inputs; it does not touch the actor.</param>
    /// <param name="replyTo">Who is told.</param>
    /// <param name="completed">Makes the message from the answer.</param>
    /// <param name="failed">Makes the message from the failure.</param>
    public void Run<TResult, T>(
        WorkPool pool, Func<TResult> work, ActorRef<T> replyTo, Func<TResult, T> completed, Func<WorkFailure, T> failed)
        where T : class
    {
        ThrowIfNobody(replyTo);
        ref var entry = ref AddAndRun(EffectKind.RunWork);
        entry.Subject = pool;
        entry.Content = new FunctionWork<TResult, T>(
            _cell, work, new WorkAnswer<TResult, T>(_cell, Trace, replyTo, completed, failed));
    }

    /// <summary>
    /// Runs input or output; what it answers, or why it failed, comes back as a message. Cancelled when the system ends. Under
    /// simulation it waits for nothing but the system's virtual time.
    /// </summary>
    public void RunAsync<TResult, T>(
        Func<CancellationToken, Task<TResult>> io, ActorRef<T> replyTo, Func<TResult, T> completed, Func<WorkFailure, T> failed)
        where T : class
    {
        ThrowIfNobody(replyTo);
        AddAndRun(EffectKind.RunIo).Content = new IoWork<TResult, T>(_cell, io, new WorkAnswer<TResult, T>(_cell, Trace, replyTo, completed, failed));
    }

    /// <summary>Makes a child. Its address is good at once; it starts when the effects are carried out.</summary>
    /// <exception cref="InvalidOperationException">A child of that name lives.</exception>
    public ActorRef<T> Spawn<T>(Props<T> props, string name)
        where T : class
    {
        var child = _cell.CreateChild(props, name);
        AddAndRun(EffectKind.Spawn).Subject = child;
        return (ActorRef<T>)child.Ref;
    }

    /// <summary>Has <paramref name="message"/> sent when <paramref name="subject"/> stops, at once if it has stopped.</summary>
    public void Watch<T>(ActorRef subject, ActorRef<T> notify, T message)
        where T : class
    {
        ThrowIfNobody(subject);
        ThrowIfNobody(notify);
        ref var entry = ref AddAndRun(EffectKind.Watch);
        entry.Subject = subject;
        entry.Content = new WatchMessage(_cell, notify, message);
    }

    /// <summary>Ends this actor's watch of <paramref name="subject"/>.</summary>
    public void Unwatch(ActorRef subject)
    {
        ThrowIfNobody(subject);
        AddAndRun(EffectKind.Unwatch).Subject = subject;
    }

    /// <summary>Stops an actor and its children once it has handled the message it is at.</summary>
    public void Stop(ActorRef actor)
    {
        ThrowIfNobody(actor);
        AddAndRun(EffectKind.Stop).Subject = actor;
    }

    /// <summary>Stops this actor, which handles no further message.</summary>
    public void StopSelf() => AddAndRun(EffectKind.Stop).Subject = _cell.Ref;

    /// <summary>Puts the message being handled aside until <see cref="Unstash"/>.</summary>
    public void Stash()
    {
        StashRequested = true;
        MustRun = true;
    }

    /// <summary>Brings back all messages put aside, ahead of those that wait, in their order.</summary>
    public void Unstash() => AddAndRun(EffectKind.Unstash);

    /// <summary>Events can no longer be recorded: there is no turn left in which they could be applied.</summary>
    internal virtual void CloseEvents()
    {
    }

    /// <summary>From here on belongs to the next message: what a failing handler recorded is taken back to here.</summary>
    internal virtual void Begin(TraceContext? trace)
    {
        _kept = _count;
        Trace = trace;
    }

    /// <summary>Takes back what the failed handler recorded.</summary>
    internal virtual void Rollback()
    {
        for (var i = _kept; i < _count; i++)
        {
            if (_entries[i] is { Kind: EffectKind.Spawn, Subject: ActorCell child })
                _cell.DiscardChild(child);
        }

        Array.Clear(_entries, _kept, _count - _kept);
        _count = _kept;
        MustRun = false;
        StashRequested = false;
    }

    /// <summary>Carries out what earlier messages recorded; what the last one recorded stays.</summary>
    internal void RunEarlier()
    {
        var earlier = _kept;
        _kept = 0;
        for (var i = 0; i < earlier; i++)
            ((ActorRef)_entries[i].Subject!).Deliver(_entries[i].Content!, _cell);
        Array.Copy(_entries, earlier, _entries, 0, _count - earlier);
        Array.Clear(_entries, _count - earlier, earlier);
        _count -= earlier;
    }

    /// <summary>Carries out what does not wait for the commit that was begun; the rest stays.</summary>
    internal void RunAtOnce()
    {
        var waiting = 0;
        for (var i = 0; i < _count; i++)
        {
            if (_entries[i].Kind == EffectKind.SendAtOnce)
                ((ActorRef)_entries[i].Subject!).Deliver(_entries[i].Content!, _cell);
            else
                _entries[waiting++] = _entries[i];
        }

        Array.Clear(_entries, waiting, _count - waiting);
        _count = waiting;
    }

    /// <summary>Carries everything out, in order.</summary>
    internal void Run()
    {
        for (var i = 0; i < _count; i++)
        {
            ref var entry = ref _entries[i];
            if (entry.Kind is EffectKind.Send or EffectKind.SendAtOnce)
                System.Runtime.CompilerServices.Unsafe.As<ActorRef>(entry.Subject!).Deliver(entry.Content!, _cell);
            else
                _cell.CarryOut(entry);
            entry = default;
        }

        _count = 0;
        _kept = 0;
        MustRun = false;
        StashRequested = false;
    }

    private protected void RequireRun() => MustRun = true;

    /// <summary>Nobody is the handler's failure: when the effects are carried out, a timer is over or an answer is there it would be the process's.</summary>
    private static void ThrowIfNobody(ActorRef actor) => ArgumentNullException.ThrowIfNull(actor);

    private object Wrap(object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Trace is null ? message : new Envelope(message, Trace);
    }

    /// <summary>A delay that no timer can have is the handler's failure: when the effects are carried out it is too late to be one.</summary>
    private void StartTimer(string name, TimeSpan delay, ActorRef to, object message, bool repeats)
    {
        ThrowIfNobody(to);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, repeats ? ShortestPeriod : TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(delay, LongestDelay);
        ref var entry = ref AddAndRun(EffectKind.StartTimer);
        entry.Content = new TimerEntry(_cell, name, to, message, repeats);
        entry.Delay = delay;
    }

    private ref EffectEntry AddAndRun(EffectKind kind)
    {
        MustRun = true;
        return ref Add(kind);
    }

    private ref EffectEntry Add(EffectKind kind)
    {
        if (_count == _entries.Length)
            Array.Resize(ref _entries, _entries.Length * 2);
        ref var entry = ref _entries[_count++];
        entry.Kind = kind;
        return ref entry;
    }
}
