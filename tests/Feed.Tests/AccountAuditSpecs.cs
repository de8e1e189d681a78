using QTrade.Feed.Tests.Endpoint;
using QTrade.Node.Feeds;
using QTrade.Solana;
using QTrade.Solana.Rpc;

namespace QTrade.Feed.Tests;

/// <summary>Which accounts are read again, and when.</summary>
public sealed class AccountAuditSpecs
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddYears(50);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly AccountAudit _audit = new(Interval);

    [Fact]
    public void All_are_taken_in_turn_one_reads_worth_at_a_time_and_then_those_that_there_are_by_then()
    {
        var all = Accounts(RpcClient.AccountsMax + 2);
        Assert.Equal<Address>(all[..RpcClient.AccountsMax], Take(all));
        Assert.Equal<Address>(all[RpcClient.AccountsMax..], Take([]));
        Assert.Equal<Address>(all[..1], Take(all[..1]));
        Assert.Empty(Take([]));
    }

    [Fact]
    public void It_is_due_an_interval_after_the_connection_began_and_after_the_last_part()
    {
        _audit.Begin(Start);
        Assert.False(_audit.IsDue(Start + Interval - TimeSpan.FromTicks(1)));
        Assert.True(_audit.IsDue(Start + Interval));
        _audit.Take(Start + Interval, Accounts(1));
        Assert.False(_audit.IsDue(Start + Interval));
        Assert.True(_audit.IsDue(Start + (2 * Interval)));
    }

    [Fact]
    public void Where_the_clock_is_set_back_the_interval_counts_from_there()
    {
        _audit.Begin(Start);
        var back = Start.AddHours(-1);
        _audit.CountFrom(back);
        _audit.CountFrom(back + Interval);
        Assert.True(_audit.IsDue(back + Interval));
    }

    private static Address[] Accounts(int count) => [.. Enumerable.Range(1, count).Select(PairVenue.Pool)];

    private Address[] Take(Address[] all) => _audit.Take(Start, all).ToArray();
}
