using System.Collections.Immutable;
using QTrade.Solana;

namespace QTrade.Node.Feeds;

/// <summary>
/// Subscriptions that an endpoint refused on one connection, and when each may be asked for again: after a pause that grows with every
/// refusal of it in a row. At most as many as there are accounts that are needed. Owned by one feed.
/// </summary>
/// <param name="pauseAfter">The pause by the refusals before this one.</param>
internal sealed class RefusedSubscriptions(Func<int, TimeSpan> pauseAfter)
{
    private readonly Dictionary<Address, (int Times, DateTimeOffset? Due)> _refused = [];

    /// <summary>A subscription was refused, for the first time or again.</summary>
    public void Add(Address account, DateTimeOffset now)
    {
        var before = _refused.GetValueOrDefault(account).Times;
        _refused[account] = (before + 1, now + pauseAfter(before));
    }

    /// <summary>The subscription stands, or is not wanted any more.</summary>
    public void Remove(Address account) => _refused.Remove(account);

    /// <summary>A connection begins, and none was refused on it.</summary>
    public void Clear() => _refused.Clear();

    /// <summary>What may be asked for again, the longest due first; each is given once for each refusal.</summary>
    public ImmutableArray<Address> TakeDue(DateTimeOffset now, int most)
    {
        if (_refused.Count == 0)
            return [];
        ImmutableArray<Address> due =
            [.. _refused.Where(entry => entry.Value.Due <= now).OrderBy(entry => entry.Value.Due).Take(most).Select(entry => entry.Key)];
        foreach (var account in due)
            _refused[account] = (_refused[account].Times, null);
        return due;
    }
}
