using System.Diagnostics.CodeAnalysis;

namespace QTrade.Actors.Kernel;

/// <summary>
/// What waits for one actor: many write, one reads. A short spin gate guards both the messages and whether the reader sleeps, so
/// that handing over a message costs one interlocked operation and no wake-up is ever lost.
/// </summary>
internal abstract class Mailbox
{
    /// <summary>One message in so many has its waiting time measured.</summary>
    private const long SampleEvery = 64;

    private readonly TimeProvider _time;
    private int _gate;
    private ReaderState _reader = ReaderState.Paused;
    private SystemMessage? _systemFirst;
    private SystemMessage? _systemLast;
    private long _added;
    private long _conflated;
    private long _refused;
    private long _sampledOrdinal;
    private long _sampledAt;
    private long _taken;
    private double _latencyMean;
    private double _latencyMax;

    private protected Mailbox(TimeProvider time) => _time = time;

    private enum ReaderState
    {
        /// <summary>Scheduled or running: it will look again before it sleeps.</summary>
        Awake,

        /// <summary>Woken by anything.</summary>
        Asleep,

        /// <summary>Woken by the kernel only.</summary>
        Paused,

        /// <summary>Takes nothing any more.</summary>
        Closed,
    }

    /// <summary>Messages that wait.</summary>
    internal long Depth => Math.Max(0, Volatile.Read(ref _added) - Volatile.Read(ref _taken));

    /// <summary>Messages that were merged into another.</summary>
    internal long Conflated => Volatile.Read(ref _conflated);

    /// <summary>Messages that a full mailbox did not take.</summary>
    internal long Refused => Volatile.Read(ref _refused);

    /// <summary>Smoothed waiting time of sampled messages.</summary>
    internal TimeSpan LatencyMean => TimeSpan.FromSeconds(Volatile.Read(ref _latencyMean));

    /// <summary>Longest waiting time of a sampled message.</summary>
    internal TimeSpan LatencyMax => TimeSpan.FromSeconds(Volatile.Read(ref _latencyMax));

    /// <summary>Whether the kernel has something to say. Read by the reader.</summary>
    internal bool HasSystem => Volatile.Read(ref _systemFirst) is not null;

    /// <summary>Adds a message. A refused one is answered through <paramref name="waiter"/> later, where there is one.</summary>
    internal PostResult Post(object item, CreditWaiter? waiter = null)
    {
        EnterGate();
        if (_reader == ReaderState.Closed)
        {
            ExitGate();
            return PostResult.Closed;
        }

        switch (Add(item, waiter))
        {
            case AddResult.Full:
                _refused++;
                ExitGate();
                return PostResult.Full;
            case AddResult.Merged:
                _conflated++;
                break;
            default:
                if ((++_added & (SampleEvery - 1)) == 0 && _sampledOrdinal == 0)
                    Sample();
                break;
        }

        var wake = _reader == ReaderState.Asleep;
        if (wake)
            _reader = ReaderState.Awake;
        ExitGate();
        return wake ? PostResult.Wake : PostResult.Queued;
    }

    /// <summary>Adds a word of the kernel.</summary>
    internal PostResult PostSystem(SystemMessage message)
    {
        EnterGate();
        if (_reader == ReaderState.Closed)
        {
            ExitGate();
            return PostResult.Closed;
        }

        message.Next = null;
        if (_systemLast is null)
            Volatile.Write(ref _systemFirst, message);
        else
            _systemLast.Next = message;
        _systemLast = message;
        var wake = _reader != ReaderState.Awake;
        _reader = ReaderState.Awake;
        ExitGate();
        return wake ? PostResult.Wake : PostResult.Queued;
    }

    /// <summary>Takes the kernel's next word.</summary>
    internal SystemMessage? TakeSystem()
    {
        EnterGate();
        var first = _systemFirst;
        if (first is not null)
        {
            _systemFirst = first.Next;
            if (_systemFirst is null)
                _systemLast = null;
            first.Next = null;
        }

        ExitGate();
        return first;
    }

    /// <summary>Takes the next message.</summary>
    internal bool TryTake([NotNullWhen(true)] out object? item)
    {
        if (!Take(out item))
            return false;
        if (++_taken == Volatile.Read(ref _sampledOrdinal))
            Measure();
        return true;
    }

    /// <summary>Lets the reader sleep, unless there is something for it to do. A paused reader is woken by the kernel only.</summary>
    internal bool TrySleep(bool paused)
    {
        EnterGate();
        var sleeps = _systemFirst is null && (paused || _added == _taken);
        if (sleeps)
            _reader = paused ? ReaderState.Paused : ReaderState.Asleep;
        ExitGate();
        return sleeps;
    }

    /// <summary>Takes nothing any more. What waits can still be taken.</summary>
    internal void Close()
    {
        EnterGate();
        _reader = ReaderState.Closed;
        ExitGate();
    }

    /// <summary>The next sender to be told that there is room, if one is due. Called by the reader.</summary>
    internal virtual CreditWaiter? TakeCredit() => null;

    private protected enum AddResult
    {
        Added,
        Merged,
        Full,
    }

    /// <summary>Stores a message; called inside the gate.</summary>
    private protected abstract AddResult Add(object item, CreditWaiter? waiter);

    /// <summary>Removes the oldest message; called by the reader, outside the gate.</summary>
    private protected abstract bool Take([NotNullWhen(true)] out object? item);

    private protected void EnterGate()
    {
        if (Interlocked.CompareExchange(ref _gate, 1, 0) != 0)
            SpinForGate();
    }

    private protected void ExitGate() => Volatile.Write(ref _gate, 0);

    private void SpinForGate()
    {
        var spin = new SpinWait();
        do
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
        while (Volatile.Read(ref _gate) != 0 || Interlocked.CompareExchange(ref _gate, 1, 0) != 0);
    }

    private void Sample()
    {
        _sampledAt = _time.GetTimestamp();
        Volatile.Write(ref _sampledOrdinal, _added);
    }

    private void Measure()
    {
        var latency = _time.GetElapsedTime(_sampledAt).TotalSeconds;
        Volatile.Write(ref _latencyMean, _latencyMean + ((latency - _latencyMean) / 8));
        if (latency > _latencyMax)
            Volatile.Write(ref _latencyMax, latency);
        Volatile.Write(ref _sampledOrdinal, 0);
    }
}
