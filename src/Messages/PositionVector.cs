using System.Collections.Immutable;

namespace QTrade.Messages;

/// <summary>
/// The position of a pool: one <see cref="ChainPosition"/> per account that its state was read from, in an order fixed by the pool's
/// decoder. Partially ordered (<see cref="CompareTo"/>). A pool of one account keeps its position inline.
/// </summary>
public readonly struct PositionVector : IEquatable<PositionVector>
{
    private readonly ChainPosition first;
    private readonly ImmutableArray<ChainPosition> rest;
    private readonly bool any;

    public PositionVector(ChainPosition only)
    {
        first = only;
        rest = [];
        any = true;
    }

    public PositionVector(ReadOnlySpan<ChainPosition> accounts)
    {
        any = accounts.Length > 0;
        first = any ? accounts[0] : default;
        rest = accounts.Length > 1 ? [.. accounts[1..]] : [];
    }

    /// <summary>How many accounts; 0 only for the default value, which is no position.</summary>
    public int Count => any ? 1 + (rest.IsDefault ? 0 : rest.Length) : 0;

    public ChainPosition this[int account] => account == 0 && any ? first : rest[account - 1];

    /// <summary>The newest slot of any account: the state cannot be older knowledge than this; 0 if there is no position.</summary>
    public ulong NewestSlot
    {
        get
        {
            var newest = first.Slot;
            for (var account = 1; account < Count; account++)
                newest = Math.Max(newest, this[account].Slot);
            return newest;
        }
    }

    /// <summary>How this position stands to the other: newer, older, same, concurrent, or not comparable at all.</summary>
    public PositionOrder CompareTo(in PositionVector other) => Compare(other, observed: false);

    /// <summary>
    /// Whether an account was observed later than at the other position, and none earlier. A state that time alone brought is newer, and was not
    /// observed: what was traded before may still be missing in it.
    /// </summary>
    public bool IsObservedAfter(in PositionVector other) => Compare(other, observed: true) == PositionOrder.Newer;

    private PositionOrder Compare(in PositionVector other, bool observed)
    {
        if (Count != other.Count)
            return PositionOrder.Incomparable;
        bool newer = false, older = false;
        for (var account = 0; account < Count; account++)
        {
            var order = observed ? this[account].Observed.CompareTo(other[account].Observed) : this[account].CompareTo(other[account]);
            newer |= order > 0;
            older |= order < 0;
        }

        return (newer, older) switch
        {
            (false, false) => PositionOrder.Same,
            (true, false) => PositionOrder.Newer,
            (false, true) => PositionOrder.Older,
            (true, true) => PositionOrder.Concurrent,
        };
    }

    public bool Equals(PositionVector other) => CompareTo(other) == PositionOrder.Same;

    public override bool Equals(object? obj) => obj is PositionVector other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        for (var account = 0; account < Count; account++)
            hash.Add(this[account]);
        return hash.ToHashCode();
    }

    public static bool operator ==(PositionVector left, PositionVector right) => left.Equals(right);

    public static bool operator !=(PositionVector left, PositionVector right) => !left.Equals(right);

    public override string ToString()
    {
        var self = this;
        return string.Join(',', Enumerable.Range(0, Count).Select(account => self[account].ToString()));
    }
}
