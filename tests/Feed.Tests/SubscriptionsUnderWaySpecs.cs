using QTrade.Feed.Tests.Endpoint;
using QTrade.Solana;
using QTrade.Solana.Rpc;

namespace QTrade.Feed.Tests;

/// <summary>Subscriptions that were asked for and not answered yet.</summary>
public sealed class SubscriptionsUnderWaySpecs
{
    private static readonly Address Account = PairVenue.Vault(1, 0);
    private static readonly Address Last = PairVenue.Vault(1, 1);
    private static readonly Address Other = PairVenue.Vault(7, 0);

    [Fact]
    public void What_is_never_answered_is_asked_for_again_until_it_is()
    {
        using var feed = new SimulatedFeed([1, 2], null, endpoint => endpoint.Unanswered.Add(Account));
        feed.RunFor(TimeSpan.FromSeconds(14));
        Assert.Equal((1, 1), (feed.Endpoint.Subscriptions[Account], feed.Live.Counts.Complete));
        feed.RunFor(TimeSpan.FromSeconds(4));
        Assert.Equal((2, 1L), (feed.Endpoint.Subscriptions[Account], feed.Live.SubscriptionsRetried));
        Assert.StartsWith($"{PlayedEndpoint.Name}: subscription of {Account} not answered in time", feed.Live.LastFault, StringComparison.Ordinal);

        feed.Do(endpoint => endpoint.Answer(Account));
        feed.RunFor(TimeSpan.FromMinutes(5));
        Assert.Equal((2, 2, 1L), (feed.Endpoint.Subscriptions[Account], feed.Live.Counts.Complete, feed.Live.Connects));
        Assert.All(feed.Endpoint.Subscriptions, entry => Assert.InRange(entry.Value, 1, 2));
    }

    [Fact]
    public void An_endpoint_that_is_slow_is_asked_once()
    {
        using var feed = new SimulatedFeed([.. Enumerable.Range(1, 100)], null, endpoint => endpoint.AnswersPerSlot = 2);
        feed.RunFor(TimeSpan.FromMinutes(2));
        Assert.Equal((100, 0L), (feed.Live.Counts.Complete, feed.Live.SubscriptionsRetried));
        Assert.All(feed.Endpoint.Subscriptions, entry => Assert.Equal(1, entry.Value));
    }

    [Fact]
    public void What_is_not_needed_any_more_when_it_is_answered_is_ended_then()
    {
        using var feed = new SimulatedFeed([1], null, endpoint => endpoint.Unanswered.Add(Account));
        feed.RunFor(TimeSpan.FromSeconds(5));
        feed.Do(NeedOther);
        feed.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal((1, 1), (feed.Endpoint.Subscriptions[Other], feed.Live.Counts.Complete));
        var ended = feed.Endpoint.Unsubscriptions.Count;
        feed.Do(endpoint => endpoint.Answer(Account));
        Assert.Equal([Account], feed.Endpoint.Unsubscriptions.Skip(ended));
        feed.RunFor(TimeSpan.FromMinutes(5));
        Assert.Equal((1, 1L), (feed.Endpoint.Subscriptions[Account], feed.Live.Connects));
    }

    /// <summary>What was accepted before the account was ended was ended with it, when that was on its way to the feed.</summary>
    [Fact]
    public void An_answer_to_what_was_asked_for_before_an_account_was_ended_answers_nothing_that_was_asked_for_since()
    {
        using var feed = new SimulatedFeed([1], null, endpoint => endpoint.Unanswered.Add(Account));
        feed.RunFor(TimeSpan.FromSeconds(3));
        feed.Do(NeedOther);
        feed.RunFor(TimeSpan.FromSeconds(3));
        feed.Do(endpoint => endpoint.Put((PairVenue.Pool(1), PairVenue.PoolAccount(1))));
        feed.RunFor(TimeSpan.FromSeconds(3));
        Assert.Contains(Account, feed.Endpoint.Unsubscriptions);
        Assert.Equal((2, 0), (feed.Endpoint.Subscriptions[Account], feed.Live.Counts.Complete));

        feed.Do(endpoint => endpoint.AnswerLate(Account));
        feed.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal(0, feed.Live.Counts.Complete);
        feed.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(3, feed.Endpoint.Subscriptions[Account]);
        feed.Do(endpoint => endpoint.Answer(Account));
        feed.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal((1, 1L), (feed.Live.Counts.Complete, feed.Live.Connects));
    }

    [Fact]
    public void What_was_ended_on_one_connection_counts_on_no_other()
    {
        using var feed = new SimulatedFeed([1]);
        feed.RunFor(TimeSpan.FromSeconds(5));
        feed.Do(NeedOther);
        feed.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal([Account], feed.Endpoint.Unsubscriptions);
        feed.Do(endpoint => _ = endpoint.DropAsync(1));
        feed.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal((1, 2L), (feed.Live.Counts.Complete, feed.Live.Connects));
    }

    /// <summary>An answer that came too late does not tell everything twice.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_two_answers_for_an_account_the_first_counts_and_the_other_is_ended_unless_it_is_the_same(bool isSame)
    {
        await using var chain = await ChainEndpoint.StartAsync();
        chain.GivesOneNumber = isSame;
        await using var socket = await chain.ConnectAsync();
        await socket.SubscribeAsync([Account, Account, Last], CancellationToken.None);
        Assert.Equal([Account, Last], await StandingAsync(socket, 2));
        if (!isSame)
            await chain.UnsubscribedAsync(1);

        // What is told of it is told once.
        chain.Set((Account, PairVenue.VaultAccount(5)), (Last, PairVenue.VaultAccount(6)));
        var updates = 0;
        while (updates < 2)
            updates += (await socket.TakeAsync(CancellationToken.None))!.Updates.Length;
        Assert.Equal(2, updates);
        await socket.UnsubscribeAsync([Last], CancellationToken.None);
        await chain.UnsubscribedAsync(isSame ? 1 : 2);
        Assert.Equal([Account], chain.Subscribed);
        await socket.UnsubscribeAsync([Account], CancellationToken.None);
        await chain.UnsubscribedAsync(isSame ? 2 : 3);
        Assert.Empty(chain.Subscribed);
    }

    [Fact]
    public async Task What_is_answered_after_its_account_was_ended_is_ended_and_not_told()
    {
        await using var chain = await ChainEndpoint.StartAsync();
        await using var socket = await chain.ConnectAsync();
        chain.HoldAnswers();
        var asked = chain.SubscriptionsAsync(2);
        await socket.SubscribeAsync([Account], CancellationToken.None);
        await socket.UnsubscribeAsync([Account], CancellationToken.None);
        await socket.SubscribeAsync([Last], CancellationToken.None);
        await asked;
        chain.GiveAnswers(2);
        Assert.Equal(new StandingSubscription(Last, 1), Assert.Single((await socket.TakeAsync(CancellationToken.None))!.Subscribed));
        await chain.UnsubscribedAsync(1);
        Assert.Equal([Last], chain.Subscribed);
    }

    [Fact]
    public async Task What_is_refused_after_its_account_was_ended_is_not_told()
    {
        await using var chain = await ChainEndpoint.StartAsync();
        await using var socket = await chain.ConnectAsync();
        chain.RefuseSubscriptions(Account, 1);
        chain.HoldAnswers();
        var asked = chain.SubscriptionsAsync(1);
        await socket.SubscribeAsync([Account], CancellationToken.None);
        await socket.UnsubscribeAsync([Account], CancellationToken.None);
        await socket.SubscribeAsync([Last], CancellationToken.None);
        await asked;
        chain.GiveAnswers(2);
        var batch = (await socket.TakeAsync(CancellationToken.None))!;
        Assert.Equal((0, 1), (batch.Refused.Length, batch.Subscribed.Length));
    }

    /// <summary>The answer to a request that was made before the account was ended names what was ended with it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_an_account_that_was_ended_and_asked_for_anew_the_newer_request_counts(bool isSame)
    {
        await using var chain = await ChainEndpoint.StartAsync();
        chain.GivesOneNumber = isSame;
        await using var socket = await chain.ConnectAsync();
        chain.HoldAnswers();
        var asked = chain.SubscriptionsAsync(isSame ? 2 : 3);
        await socket.SubscribeAsync([Account, Account, Last], CancellationToken.None);
        await asked;
        chain.GiveAnswers(1);
        Assert.Equal([Account], await StandingAsync(socket, 1));
        asked = chain.SubscriptionsAsync(1);
        await socket.UnsubscribeAsync([Account], CancellationToken.None);
        await socket.SubscribeAsync([Account], CancellationToken.None);
        await asked;
        chain.GiveAnswers(3);
        Assert.Equal([Last, Account], await StandingAsync(socket, 2));
        await chain.UnsubscribedAsync(2);
        Assert.Equal([Account, Last], chain.Subscribed.Order());
    }

    /// <summary>A node that gives one number to all that is asked for alike would end both.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_asked_for_before_is_not_ended_where_it_is_what_is_asked_for_anew(bool isSame)
    {
        await using var chain = await ChainEndpoint.StartAsync();
        chain.GivesOneNumber = isSame;
        await using var socket = await chain.ConnectAsync();
        chain.HoldAnswers();
        var asked = chain.SubscriptionsAsync(isSame ? 2 : 3);
        await socket.SubscribeAsync([Account], CancellationToken.None);
        await socket.UnsubscribeAsync([Account], CancellationToken.None);
        await socket.SubscribeAsync([Account, Last], CancellationToken.None);
        await asked;
        chain.GiveAnswers(3);
        Assert.Equal([Account, Last], await StandingAsync(socket, 2));
        if (!isSame)
            await chain.UnsubscribedAsync(1);
        await socket.UnsubscribeAsync([Last], CancellationToken.None);
        await chain.UnsubscribedAsync(isSame ? 1 : 2);
        Assert.Equal([Account], chain.Subscribed);
    }

    /// <summary>The pool needs the other account instead of the first.</summary>
    private static void NeedOther(PlayedEndpoint endpoint)
    {
        var pool = PairVenue.PoolAccount(1);
        Other.WriteTo(pool.Data);
        endpoint.Put((Other, PairVenue.VaultAccount(10)), (PairVenue.Pool(1), pool));
    }

    /// <summary>So many subscriptions that a socket tells as standing, in its order.</summary>
    private static async Task<List<Address>> StandingAsync(SolanaSocket socket, int count)
    {
        List<Address> standing = [];
        while (standing.Count < count)
            standing.AddRange((await socket.TakeAsync(CancellationToken.None))!.Subscribed.Select(subscribed => subscribed.Account));
        return standing;
    }
}
