using System.Diagnostics.CodeAnalysis;

namespace QTrade.Actors.Kernel;

/// <summary>
/// Two arrays: writers fill one while the reader empties the other, and the reader swaps them when its own is empty, so reading
/// costs next to nothing. Arrays grow by doubling and are kept, so a steady flow allocates nothing.
/// </summary>
internal sealed class UnboundedMailbox(TimeProvider time) : Mailbox(time)
{
    private const int FirstCapacity = 8;

    /// <summary>An array above this is let go after <see cref="SmallTurnsMax"/> turns that fill little of it: a burst does not hold its memory for ever.</summary>
    private const int KeptCapacity = 1 << 10;

    private const int SmallTurnsMax = 1 << 10;

    private Slot[] _arriving = new Slot[FirstCapacity];
    private int _arrived;
    private Slot[] _reading = new Slot[FirstCapacity];
    private int _next;
    private int _end;
    private int _smallTurns;

    private protected override AddResult Add(object item, CreditWaiter? waiter)
    {
        if (_arrived == _arriving.Length)
            Array.Resize(ref _arriving, _arriving.Length * 2);
        _arriving[_arrived++].Item = item;
        return AddResult.Added;
    }

    private protected override bool Take([NotNullWhen(true)] out object? item)
    {
        if (_next == _end && !Swap())
        {
            item = null;
            return false;
        }

        ref var slot = ref _reading[_next++];
        item = slot.Item!;
        slot.Item = null;
        return true;
    }

    private bool Swap()
    {
        if (Volatile.Read(ref _arrived) == 0)
            return false;
        var emptied = _reading.Length > KeptCapacity && IsTooLarge() ? new Slot[FirstCapacity] : _reading;
        EnterGate();
        _reading = _arriving;
        _end = _arrived;
        _arriving = emptied;
        _arrived = 0;
        ExitGate();
        _next = 0;
        return true;
    }

    private bool IsTooLarge()
    {
        _smallTurns = _end < _reading.Length / 16 ? _smallTurns + 1 : 0;
        if (_smallTurns < SmallTurnsMax)
            return false;
        _smallTurns = 0;
        return true;
    }

    /// <summary>A struct around the reference spares the array's covariance check.</summary>
    private struct Slot
    {
        internal object? Item;
    }
}
