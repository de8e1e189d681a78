using System.Collections.Immutable;
using QTrade.Solana;

namespace QTrade.Node.Feeds;

/// <summary>
/// What is to be subscribed to on one connection and what is to be ended. It goes out one after the other: an end that overtook what it is to end, or was overtaken by what follows it, would
/// leave an account that nobody tells. Owned by one feed.
/// </summary>
internal sealed class SubscriptionRequests
{
    private readonly HashSet<Address> _toSubscribe = [];
    private readonly HashSet<Address> _toUnsubscribe = [];
    private bool _sending;
    private long _ends;

    /// <summary>How many times subscriptions of the connection will have been ended by the time that a subscription requested at this moment is sent: ends that wait are sent first.</summary>
    public long EndsBefore => _ends + (_toUnsubscribe.Count > 0 ? 1 : 0);

    public void Subscribe(Address account) => _toSubscribe.Add(account);

    /// <summary>What stands of it is ended.</summary>
    public void Unsubscribe(Address account) => _toUnsubscribe.Add(account);

    /// <summary>It is needed no more: it is not asked for, and ended.</summary>
    public void Remove(Address account)
    {
        _toSubscribe.Remove(account);
        Unsubscribe(account);
    }

    /// <summary>Takes all of it, to be sent; false where nothing is to be, or the last is not sent yet.</summary>
    public bool TryTake(out ImmutableArray<Address> subscribe, out ImmutableArray<Address> unsubscribe)
    {
        (subscribe, unsubscribe) = ([], []);
        if (_sending || (_toSubscribe.Count == 0 && _toUnsubscribe.Count == 0))
            return false;
        _sending = true;
        (subscribe, unsubscribe) = ([.. _toSubscribe], [.. _toUnsubscribe]);
        _toSubscribe.Clear();
        _toUnsubscribe.Clear();
        _ends += unsubscribe.IsEmpty ? 0 : 1;
        return true;
    }

    /// <summary>What was taken last is sent.</summary>
    public void Sent() => _sending = false;

    /// <summary>A connection begins, and nothing was asked for on it.</summary>
    public void Clear()
    {
        _toSubscribe.Clear();
        _toUnsubscribe.Clear();
        _sending = false;
        _ends = 0;
    }
}
