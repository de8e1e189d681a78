using System.Collections.Immutable;
using QTrade.Solana;

namespace QTrade.Node.Feeds;

/// <summary>
/// Subscriptions of one connection that were asked for and do not stand, and when each is to be asked for again: one that was refused after a pause, one that is not
/// answered after a bound. Both grow with every try of it in a row. At most as many as there are accounts that are needed. Owned by one feed.
/// </summary>
/// <param name="answerWithin">How long the first answer may take.</param>
/// <param name="pauseAfter">The pause by the tries that failed before.</param>
internal sealed class OpenSubscriptions(TimeSpan answerWithin, Func<int, TimeSpan> pauseAfter)
{
    private readonly Dictionary<Address, Entry> _open = [];

    /// <summary>A subscription was asked for.</summary>
    public void Ask(Address account, DateTimeOffset now) => _open[account] = Asked(_open.GetValueOrDefault(account).Failures, now);

    /// <summary>Whether it was asked for and does not stand.</summary>
    public bool Waits(Address account) => _open.ContainsKey(account);

    /// <summary>It was refused.</summary>
    public void Refuse(Address account, DateTimeOffset now)
    {
        var failures = _open.GetValueOrDefault(account).Failures;
        _open[account] = new Entry(failures + 1, now, pauseAfter(failures), IsAsked: false);
    }

    /// <summary>It stands, or is not wanted any more.</summary>
    public void Remove(Address account) => _open.Remove(account);

    /// <summary>A connection begins, and none was asked for on it.</summary>
    public void Clear() => _open.Clear();

    /// <summary>What is asked for again now, the longest due first.</summary>
    /// <param name="now">The time.</param>
    /// <param name="most">Most to give.</param>
    /// <param name="unanswered">One of them that was not answered; null for none.</param>
    public ImmutableArray<Address> TakeDue(DateTimeOffset now, int most, out Address? unanswered)
    {
        unanswered = null;
        if (_open.Count == 0)
            return [];
        // Where the clock was set back they count from there.
        foreach (var (account, entry) in _open)
        {
            if (entry.Since > now)
                _open[account] = entry with { Since = now };
        }

        ImmutableArray<Address> due = [.. _open.Where(entry => entry.Value.Due <= now).OrderBy(entry => entry.Value.Due).Take(most).Select(entry => entry.Key)];
        foreach (var account in due)
        {
            var entry = _open[account];
            unanswered = entry.IsAsked ? unanswered ?? account : unanswered;
            _open[account] = Asked(entry.Failures + (entry.IsAsked ? 1 : 0), now);
        }

        return due;
    }

    private Entry Asked(int failures, DateTimeOffset now) => new(failures, now, answerWithin + (failures == 0 ? TimeSpan.Zero : pauseAfter(failures - 1)), IsAsked: true);

    private readonly record struct Entry(int Failures, DateTimeOffset Since, TimeSpan Wait, bool IsAsked)
    {
        public DateTimeOffset Due => Since + Wait;
    }
}
