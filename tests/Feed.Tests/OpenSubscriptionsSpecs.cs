using QTrade.Feed.Tests.Endpoint;
using QTrade.Node.Feeds;
using QTrade.Solana;

namespace QTrade.Feed.Tests;

/// <summary>When a subscription that was refused, or is not answered, is asked for again.</summary>
public sealed class OpenSubscriptionsSpecs
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(100);
    private static readonly Address Account = PairVenue.Pool(1);

    private readonly OpenSubscriptions _open = new(AnswerWithin, failures => TimeSpan.FromSeconds(1 << Math.Min(failures, 3)));

    [Fact]
    public void Each_refusal_in_a_row_pauses_longer_and_is_given_once()
    {
        var now = Start;
        foreach (var seconds in new[] { 1, 2, 4, 8, 8 })
        {
            _open.Refuse(Account, now);
            Assert.Empty(Due(now + TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1), 9));
            now += TimeSpan.FromSeconds(seconds);
            Assert.Equal([Account], Due(now, 9));
            Assert.Empty(Due(now + AnswerWithin - TimeSpan.FromTicks(1), 9));
        }
    }

    [Fact]
    public void What_is_not_answered_is_asked_for_again_and_waited_for_longer_each_time()
    {
        var now = Start;
        _open.Ask(Account, now);
        foreach (var more in new[] { 0, 1, 2, 4, 8, 8 })
        {
            Assert.Empty(_open.TakeDue(now + AnswerWithin + TimeSpan.FromSeconds(more) - TimeSpan.FromTicks(1), 9, out var unanswered));
            Assert.Null(unanswered);
            now += AnswerWithin + TimeSpan.FromSeconds(more);
            Assert.Equal(Account, Assert.Single(_open.TakeDue(now, 9, out unanswered)));
            Assert.Equal(Account, unanswered);
        }
    }

    [Fact]
    public void A_clock_that_is_set_back_makes_nobody_wait_longer_than_from_there()
    {
        _open.Ask(Account, Start.AddDays(1));
        Assert.Empty(Due(Start, 9));
        Assert.Equal([Account], Due(Start + AnswerWithin, 9));
    }

    [Fact]
    public void An_answer_before_the_clock_was_set_back_puts_off_no_longer_than_from_there()
    {
        var (answered, open) = (PairVenue.Pool(1), PairVenue.Pool(2));
        _open.Ask(answered, Start);
        _open.Ask(open, Start);
        _open.Accept(answered, Start.AddDays(1));
        var back = Start.AddSeconds(50);
        Assert.Empty(Due(back, 9));
        Assert.Empty(Due(back + AnswerWithin - TimeSpan.FromTicks(1), 9));
        Assert.Equal([open], Due(back + AnswerWithin, 9));
    }

    [Fact]
    public void What_was_asked_for_before_an_account_was_ended_answers_nothing_also_where_it_is_refused_or_asked_for_again()
    {
        _open.Ask(Account, Start, ends: 1);
        Assert.False(_open.Accept(Account, Start, ends: 0));
        _open.Refuse(Account, Start);
        Assert.False(_open.Accept(Account, Start, ends: 0));
        Assert.Equal([Account], Due(Start.AddSeconds(1), 9));
        Assert.False(_open.Accept(Account, Start.AddSeconds(1), ends: 0));
        Assert.True(_open.Waits(Account));
        Assert.True(_open.Accept(Account, Start.AddSeconds(1), ends: 1));
        Assert.False(_open.Waits(Account));
    }

    [Fact]
    public void What_stands_begins_anew()
    {
        _open.Refuse(Account, Start);
        _open.Refuse(Account, Start);
        Assert.True(_open.Waits(Account));
        _open.Accept(Account, Start);
        Assert.False(_open.Waits(Account));
        Assert.Empty(Due(Start.AddDays(1), 9));
        _open.Refuse(Account, Start);
        Assert.Equal([Account], Due(Start.AddSeconds(1), 9));
    }

    [Fact]
    public void The_longest_due_come_first_and_no_more_than_asked_for()
    {
        for (var pool = 5; pool >= 1; pool--)
            _open.Refuse(PairVenue.Pool(pool), Start.AddSeconds(pool));

        var later = Start.AddSeconds(50);
        Assert.Equal([PairVenue.Pool(1), PairVenue.Pool(2)], Due(later, 2));
        Assert.Equal([PairVenue.Pool(3), PairVenue.Pool(4), PairVenue.Pool(5)], Due(later, 9));
    }

    [Fact]
    public void While_others_that_were_asked_for_no_later_are_answered_nothing_is_asked_for_again()
    {
        for (var pool = 1; pool <= 10_000; pool++)
            _open.Ask(PairVenue.Pool(pool), Start);
        var now = Start;
        for (var pool = 1; pool < 10_000; pool++)
        {
            now += TimeSpan.FromSeconds(pool % 100 == 0 ? 50 : 0);
            _open.Accept(PairVenue.Pool(pool), now);
            if (pool % 100 == 0)
                Assert.Empty(Due(now + AnswerWithin - TimeSpan.FromTicks(1), 100));
        }

        Assert.Empty(Due(now + AnswerWithin - TimeSpan.FromTicks(1), 100));
        Assert.Equal([PairVenue.Pool(10_000)], Due(now + AnswerWithin, 100));
    }

    [Fact]
    public void Answers_to_what_was_asked_for_later_do_not_put_off_what_was_asked_for_before()
    {
        var (first, later, last) = (PairVenue.Pool(1), PairVenue.Pool(2), PairVenue.Pool(3));
        _open.Ask(first, Start);
        foreach (var seconds in new[] { 20, 40, 60, 80 })
        {
            _open.Ask(later, Start.AddSeconds(seconds));
            _open.Refuse(later, Start.AddSeconds(seconds + 1));
            _open.Remove(later);
        }

        _open.Ask(last, Start.AddSeconds(80));
        Assert.Equal([first], Due(Start + AnswerWithin, 9));
        Assert.Empty(Due(Start.AddSeconds(81) + AnswerWithin - TimeSpan.FromTicks(1), 9));
        Assert.Equal([last], Due(Start.AddSeconds(81) + AnswerWithin, 9));
    }

    [Fact]
    public void An_answer_after_a_second_request_counts_for_those_asked_for_with_the_first()
    {
        _open.Ask(PairVenue.Pool(1), Start);
        _open.Ask(PairVenue.Pool(2), Start);
        Assert.Equal([PairVenue.Pool(1)], Due(Start + AnswerWithin, 1));
        var answered = Start + AnswerWithin + TimeSpan.FromSeconds(1);
        _open.Accept(PairVenue.Pool(1), answered);
        Assert.Empty(Due(answered + AnswerWithin - TimeSpan.FromTicks(1), 1));
        Assert.Equal([PairVenue.Pool(2)], Due(answered + AnswerWithin, 1));
    }

    [Fact]
    public void Where_nothing_is_answered_no_more_than_so_many_are_asked_for_again_at_a_time_and_each_in_its_turn()
    {
        for (var pool = 1; pool <= 25; pool++)
            _open.Ask(PairVenue.Pool(pool), Start);
        var now = Start + AnswerWithin;
        HashSet<Address> asked = [];
        for (var round = 1; round <= 3; round++)
        {
            var due = Due(now, 10);
            Assert.Equal(10, due.Length);
            Assert.Empty(Due(now + AnswerWithin - TimeSpan.FromTicks(1), 10));
            asked.UnionWith(due);
            now += AnswerWithin + TimeSpan.FromSeconds(1);
        }

        Assert.Equal(25, asked.Count);
    }

    private Address[] Due(DateTimeOffset now, int most) => [.. _open.TakeDue(now, most, out _)];
}
