using System.Collections.Immutable;
using QTrade.Solana;

namespace QTrade.Node.Feeds;

/// <summary>
/// Subscriptions of one connection that were asked for and do not stand, and when each is to be asked for again: one that was refused after a pause, one that is not
/// answered after a bound. Both grow with every try of it in a row. An endpoint that is slow is not asked twice: the bound counts from the last answer to anything that was asked for no later. At most as many as there are
/// accounts that are needed. Owned by one feed.
/// </summary>
/// <param name="answerWithin">How long the first answer may take, and every next one of those that were asked for at once.</param>
/// <param name="pauseAfter">The pause by the tries that failed before.</param>
internal sealed class OpenSubscriptions(TimeSpan answerWithin, Func<int, TimeSpan> pauseAfter)
{
    private readonly Dictionary<Address, Entry> _open = [];

    // The last answers by when they were asked for, both ascending: an answer makes those forgotten to what was asked for as late or later.
    private readonly List<(DateTimeOffset Asked, DateTimeOffset Answered)> _answers = [];

    /// <summary>A subscription was asked for.</summary>
    /// <param name="account">Its account.</param>
    /// <param name="now">The time.</param>
    /// <param name="ends">How many times subscriptions of the connection were ended before.</param>
    public void Ask(Address account, DateTimeOffset now, long ends = 0) => _open[account] = Asked(_open.GetValueOrDefault(account) with { Ends = ends }, now);

    /// <summary>Whether it was asked for and does not stand.</summary>
    public bool Waits(Address account) => _open.ContainsKey(account);

    /// <summary>It stands; false where that answers what was asked for before the account was ended, and what it opened was ended with it.</summary>
    /// <param name="account">Its account.</param>
    /// <param name="now">The time.</param>
    /// <param name="ends">How many times subscriptions of the connection had been ended when this one was asked for.</param>
    public bool Accept(Address account, DateTimeOffset now, long ends = 0)
    {
        if (!_open.TryGetValue(account, out var entry))
            return true;
        if (ends < entry.Ends)
            return false;
        _open.Remove(account);
        Answer(entry, now);
        return true;
    }

    /// <summary>It was refused.</summary>
    public void Refuse(Address account, DateTimeOffset now)
    {
        var entry = _open.GetValueOrDefault(account);
        Answer(entry, now);
        _open[account] = new Entry(entry.Failures + 1, now, now, pauseAfter(entry.Failures), entry.Ends, IsAsked: false);
    }

    /// <summary>It is not wanted any more.</summary>
    public void Remove(Address account) => _open.Remove(account);

    /// <summary>A connection begins, and none was asked for on it.</summary>
    public void Clear()
    {
        _open.Clear();
        _answers.Clear();
    }

    /// <summary>What is asked for again now, the longest due first.</summary>
    /// <param name="now">The time.</param>
    /// <param name="most">Most that were asked for again and are not answered, with those that are given.</param>
    /// <param name="unanswered">One of those given that was not answered; null for none.</param>
    public ImmutableArray<Address> TakeDue(DateTimeOffset now, int most, out Address? unanswered)
    {
        unanswered = null;
        if (_open.Count == 0)
        {
            _answers.Clear();
            return [];
        }

        CountFrom(now);
        var due = Due(now, out var again);
        ImmutableArray<Address> taken = [.. due.OrderBy(entry => entry.Due).Take(most - again).Select(entry => entry.Account)];
        foreach (var account in taken)
        {
            var entry = _open[account];
            if (entry.IsAsked)
                unanswered ??= account;
            _open[account] = Asked(entry with { Failures = entry.Failures + (entry.IsAsked ? 1 : 0) }, now);
        }

        return taken;
    }

    /// <summary>What is due, and how many that were asked for again are waited for.</summary>
    private List<(Address Account, DateTimeOffset Due)> Due(DateTimeOffset now, out int again)
    {
        again = 0;
        var due = new List<(Address, DateTimeOffset)>();
        var (passed, isFirst) = (0, true);
        foreach (var (account, entry) in _open.OrderBy(entry => entry.Value.Since))
        {
            while (passed < _answers.Count && _answers[passed].Asked <= entry.Since)
                passed++;
            if (isFirst && passed > 1)
            {
                // Nothing is open that was asked for as early as these.
                _answers.RemoveRange(0, passed - 1);
                passed = 1;
            }

            isFirst = false;
            var heard = entry.IsAsked && passed > 0 && _answers[passed - 1].Answered > entry.Since ? _answers[passed - 1].Answered : entry.Since;
            if (heard + entry.Wait <= now)
                due.Add((account, heard + entry.Wait));
            else if (entry is { IsAsked: true, Failures: > 0 })
                again++;
        }

        return due;
    }

    private void Answer(in Entry entry, DateTimeOffset now)
    {
        if (!entry.IsAsked)
            return;
        while (_answers.Count > 0 && _answers[^1].Asked >= entry.First)
            _answers.RemoveAt(_answers.Count - 1);
        _answers.Add((entry.First, now));
    }

    // Where the clock was set back all count from there.
    private void CountFrom(DateTimeOffset now)
    {
        foreach (var (account, entry) in _open)
        {
            if (entry.Since > now)
                _open[account] = entry with { Since = now, First = entry.First < now ? entry.First : now };
        }

        for (var i = 0; i < _answers.Count; i++)
            _answers[i] = (_answers[i].Asked < now ? _answers[i].Asked : now, _answers[i].Answered < now ? _answers[i].Answered : now);
    }

    // Of one that is asked for again the first answer may be to what was asked first.
    private Entry Asked(in Entry before, DateTimeOffset now) => new(
        before.Failures, before.IsAsked ? before.First : now, now, answerWithin + (before.Failures == 0 ? TimeSpan.Zero : pauseAfter(before.Failures - 1)), before.Ends, IsAsked: true);

    private readonly record struct Entry(int Failures, DateTimeOffset First, DateTimeOffset Since, TimeSpan Wait, long Ends, bool IsAsked);
}
