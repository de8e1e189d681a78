using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using QTrade.Actors.Mailboxes;

namespace QTrade.Actors.Kernel;

/// <summary>A growing ring in which a keyed message takes the place of the one that waits under the same key.</summary>
internal sealed class ConflatingMailbox<TMessage, TKey>(TimeProvider time, IConflation<TMessage, TKey> conflation) : Mailbox(time)
    where TMessage : class
    where TKey : notnull
{
    private readonly Dictionary<TKey, long> _places = [];
    private object?[] _ring = new object?[8];
    private long _first;
    private long _end;

    private protected override AddResult Add(object item, CreditWaiter? waiter)
    {
        if (item is Envelope { Timer: not null })
            return Append(item);
        try
        {
            return TryMerge(item) ? AddResult.Merged : Append(item);
        }
#pragma warning disable CA1031 // It is another's code inside the gate: a message that it cannot judge waits by itself, for its handler to judge.
        catch (Exception)
#pragma warning restore CA1031
        {
            return Append(item);
        }
    }

    private protected override bool Take([NotNullWhen(true)] out object? item)
    {
        item = null;
        EnterGate();
        if (_first < _end)
        {
            ref var slot = ref _ring[_first & (_ring.Length - 1)];
            item = slot;
            slot = null;
            _first++;
        }

        ExitGate();
        return item is not null;
    }

    private static TMessage MessageOf(object item) => Unsafe.As<TMessage>(item is Envelope envelope ? envelope.Message : item);

    private bool TryMerge(object item)
    {
        var message = MessageOf(item);
        if (!conflation.TryGetKey(message, out var key))
        {
            _places.Clear();
            return false;
        }

        if (!_places.TryGetValue(key, out var place) || place < _first)
        {
            _places[key] = _end;
            return false;
        }

        ref var waiting = ref _ring[place & (_ring.Length - 1)];
        waiting = Merge(waiting!, item, message);
        return true;
    }

    /// <summary>The merged message belongs to the trace of the one that arrived.</summary>
    private object Merge(object waiting, object arrived, TMessage arrivedMessage)
    {
        var merged = conflation.Merge(MessageOf(waiting), arrivedMessage) ?? throw new InvalidOperationException("nothing is left of two messages");
        return arrived is Envelope { Trace: { } trace } ? new Envelope(merged, trace) : merged;
    }

    private AddResult Append(object item)
    {
        if (_end - _first == _ring.Length)
            Grow();
        _ring[_end++ & (_ring.Length - 1)] = item;
        return AddResult.Added;
    }

    private void Grow()
    {
        var ring = new object?[_ring.Length * 2];
        for (var i = _first; i < _end; i++)
            ring[i & (ring.Length - 1)] = _ring[i & (_ring.Length - 1)];
        _ring = ring;
    }
}
