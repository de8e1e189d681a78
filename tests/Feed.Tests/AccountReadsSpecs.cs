using QTrade.Feed.Tests.Endpoint;
using QTrade.Node.Feeds;
using QTrade.Solana;
using QTrade.Solana.Rpc;

namespace QTrade.Feed.Tests;

/// <summary>Which accounts the next read is of.</summary>
public sealed class AccountReadsSpecs
{
    private static readonly Address First = PairVenue.Pool(1), Second = PairVenue.Pool(2);

    private readonly AccountReads _reads = new(2);

    [Fact]
    public void One_that_is_asked_for_twice_is_read_once_and_again_where_it_is_asked_for_while_it_is_read()
    {
        Ask(First, Second, First);
        Assert.Equal<Address>([First, Second], Begin());
        Ask(First);
        Assert.Equal<Address>([First], Begin());
        Assert.False(_reads.Any);
    }

    [Fact]
    public void So_many_are_under_way_at_once_and_the_next_begins_once_one_ends()
    {
        Ask([.. Enumerable.Range(1, (2 * RpcClient.AccountsMax) + 1).Select(PairVenue.Pool)]);
        Assert.Equal(RpcClient.AccountsMax, Begin().Length);
        Assert.Equal(RpcClient.AccountsMax, Begin().Length);
        Assert.Empty(Begin());
        Assert.True(_reads.Any);
        _reads.End();
        Assert.Single(Begin());
    }

    [Fact]
    public void What_is_too_early_is_passed_over_and_where_nothing_else_is_left_no_read_begins()
    {
        Ask(First, Second);
        Assert.Equal<Address>([Second], [.. _reads.Begin(First.Equals)]);
        Assert.False(_reads.Any);
        Ask(First);
        Assert.Empty(_reads.Begin(First.Equals));
        Ask(First);
        Assert.Equal<Address>([First], Begin());
    }

    [Fact]
    public void What_was_not_read_waits_until_it_is_asked_for_again()
    {
        Ask(First);
        _reads.Fail([.. Begin()]);
        _reads.End();
        Assert.False(_reads.Any);
        _reads.AskAgain();
        Assert.Equal<Address>([First], Begin());
        _reads.AskAgain();
        Assert.False(_reads.Any);
    }

    [Fact]
    public void Nothing_is_left_for_another_connection()
    {
        Ask(First);
        _reads.Fail([.. Begin()]);
        Ask(Second);
        Begin();
        Ask(First);
        _reads.Clear();
        _reads.AskAgain();
        Assert.False(_reads.Any);
        Ask(First);
        Assert.Equal<Address>([First], Begin());
    }

    private Address[] Begin() => [.. _reads.Begin(static _ => false)];

    private void Ask(params Address[] accounts)
    {
        foreach (var account in accounts)
            _reads.Ask(account);
    }
}
