using QTrade.Solana;
using QTrade.Solana.Rpc;

namespace QTrade.Node.Feeds;

/// <summary>Reads all accounts again in turn, one read's worth at a time: what a lost notification left behind is found so. Owned by one feed.</summary>
/// <param name="interval">How long after a part of them the next one is due.</param>
internal sealed class AccountAudit(TimeSpan interval)
{
    private Address[] _audited = [];
    private int _next;
    private DateTimeOffset _at;

    /// <summary>A connection begins, which reads all of them.</summary>
    public void Begin(DateTimeOffset now) => _at = now;

    /// <summary>Where the clock was set back the interval counts from there.</summary>
    public void CountFrom(DateTimeOffset now) => _at = _at > now ? now : _at;

    public bool IsDue(DateTimeOffset now) => now - _at >= interval;

    /// <summary>The next part of them.</summary>
    /// <param name="now">The time.</param>
    /// <param name="accounts">All, as they are then: looked at where the turn begins anew.</param>
    public ReadOnlySpan<Address> Take(DateTimeOffset now, IEnumerable<Address> accounts)
    {
        _at = now;
        if (_next >= _audited.Length)
            (_audited, _next) = ([.. accounts], 0);
        var part = _audited.AsSpan(_next, Math.Min(RpcClient.AccountsMax, _audited.Length - _next));
        _next += part.Length;
        return part;
    }
}
