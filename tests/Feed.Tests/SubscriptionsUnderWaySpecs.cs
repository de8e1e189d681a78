using QTrade.Feed.Tests.Endpoint;
using QTrade.Solana.Rpc;

namespace QTrade.Feed.Tests;

/// <summary>Subscriptions that were asked for and not answered yet.</summary>
public sealed class SubscriptionsUnderWaySpecs
{
    [Fact]
    public void What_is_never_answered_is_asked_for_again_until_it_is()
    {
        var silent = PairVenue.Vault(1, 0);
        using var feed = new SimulatedFeed([1, 2], null, endpoint => endpoint.Unanswered.Add(silent));
        feed.RunFor(TimeSpan.FromSeconds(14));
        Assert.Equal((1, 1), (feed.Endpoint.Subscriptions[silent], feed.Live.Counts.Complete));
        feed.RunFor(TimeSpan.FromSeconds(4));
        Assert.Equal((2, 1L), (feed.Endpoint.Subscriptions[silent], feed.Live.SubscriptionsRetried));
        Assert.StartsWith($"{PlayedEndpoint.Name}: subscription of {silent} not answered in time", feed.Live.LastFault, StringComparison.Ordinal);

        feed.Do(endpoint => endpoint.Answer(silent));
        feed.RunFor(TimeSpan.FromMinutes(5));
        Assert.Equal((2, 2, 1L), (feed.Endpoint.Subscriptions[silent], feed.Live.Counts.Complete, feed.Live.Connects));
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
        var dropped = PairVenue.Vault(1, 0);
        using var feed = new SimulatedFeed([1], null, endpoint => endpoint.Unanswered.Add(dropped));
        feed.RunFor(TimeSpan.FromSeconds(5));
        var other = PairVenue.Vault(7, 0);
        feed.Do(endpoint =>
        {
            var pool = PairVenue.PoolAccount(1);
            other.WriteTo(pool.Data);
            endpoint.Put((other, PairVenue.VaultAccount(10)), (PairVenue.Pool(1), pool));
        });
        feed.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal((1, 1), (feed.Endpoint.Subscriptions[other], feed.Live.Counts.Complete));
        var ended = feed.Endpoint.Unsubscriptions.Count;
        feed.Do(endpoint => endpoint.Answer(dropped));
        Assert.Equal([dropped], feed.Endpoint.Unsubscriptions.Skip(ended));
        feed.RunFor(TimeSpan.FromMinutes(5));
        Assert.Equal((1, 1L), (feed.Endpoint.Subscriptions[dropped], feed.Live.Connects));
    }

    /// <summary>What was accepted before the account was ended was ended with it, when that was on its way to the feed.</summary>
    [Fact]
    public void An_answer_to_what_was_asked_for_before_an_account_was_ended_answers_nothing_that_was_asked_for_since()
    {
        var account = PairVenue.Vault(1, 0);
        using var feed = new SimulatedFeed([1], null, endpoint => endpoint.Unanswered.Add(account));
        feed.RunFor(TimeSpan.FromSeconds(3));
        var other = PairVenue.Vault(7, 0);
        feed.Do(endpoint =>
        {
            var pool = PairVenue.PoolAccount(1);
            other.WriteTo(pool.Data);
            endpoint.Put((other, PairVenue.VaultAccount(10)), (PairVenue.Pool(1), pool));
        });
        feed.RunFor(TimeSpan.FromSeconds(3));
        feed.Do(endpoint => endpoint.Put((PairVenue.Pool(1), PairVenue.PoolAccount(1))));
        feed.RunFor(TimeSpan.FromSeconds(3));
        Assert.Contains(account, feed.Endpoint.Unsubscriptions);
        Assert.Equal((2, 0), (feed.Endpoint.Subscriptions[account], feed.Live.Counts.Complete));

        feed.Do(endpoint => endpoint.AnswerLate(account));
        feed.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal(0, feed.Live.Counts.Complete);
        feed.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(3, feed.Endpoint.Subscriptions[account]);
        feed.Do(endpoint => endpoint.Answer(account));
        feed.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal((1, 1L), (feed.Live.Counts.Complete, feed.Live.Connects));
    }

    /// <summary>An answer that came too late does not tell everything twice.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_two_answers_for_an_account_the_first_counts_and_the_other_is_ended_unless_it_is_the_same(bool isSame)
    {
        await using var chain = await ChainEndpoint.StartAsync();
        chain.GivesOneNumber = isSame;
        await using var socket = (await SolanaSocket.ConnectAsync(chain.Address, new RpcOptions(), new RpcMetrics(), TimeProvider.System, CancellationToken.None)).Value!;
        var (account, last) = (PairVenue.Vault(1, 0), PairVenue.Vault(1, 1));
        await socket.SubscribeAsync([account, account, last], CancellationToken.None);
        List<Solana.Address> standing = [];
        while (standing.Count < 2)
            standing.AddRange((await socket.TakeAsync(CancellationToken.None))!.Subscribed.Select(subscribed => subscribed.Account));
        Assert.Equal([account, last], standing);
        if (!isSame)
            await chain.UnsubscribedAsync(1);

        // What is told of it is told once.
        chain.Set((account, PairVenue.VaultAccount(5)), (last, PairVenue.VaultAccount(6)));
        var updates = 0;
        while (updates < 2)
            updates += (await socket.TakeAsync(CancellationToken.None))!.Updates.Length;
        Assert.Equal(2, updates);
        await socket.UnsubscribeAsync([account, last], CancellationToken.None);
        await chain.UnsubscribedAsync(isSame ? 2 : 3);
        Assert.Empty(chain.Subscribed);
    }

    [Fact]
    public async Task What_is_answered_after_its_account_was_ended_is_ended_and_not_told()
    {
        await using var chain = await ChainEndpoint.StartAsync();
        await using var socket = (await SolanaSocket.ConnectAsync(chain.Address, new RpcOptions(), new RpcMetrics(), TimeProvider.System, CancellationToken.None)).Value!;
        var (account, last) = (PairVenue.Vault(1, 0), PairVenue.Vault(1, 1));
        chain.HoldAnswers();
        var asked = chain.SubscriptionsAsync(2);
        await socket.SubscribeAsync([account], CancellationToken.None);
        await socket.UnsubscribeAsync([account], CancellationToken.None);
        await socket.SubscribeAsync([last], CancellationToken.None);
        await asked;
        chain.GiveAnswers(2);
        Assert.Equal(last, Assert.Single((await socket.TakeAsync(CancellationToken.None))!.Subscribed.Select(subscribed => subscribed.Account)));
        await chain.UnsubscribedAsync(1);
        Assert.Equal([last], chain.Subscribed);
    }

    /// <summary>The answer to a request that was made before the account was ended names what was ended with it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_an_account_that_was_ended_and_asked_for_anew_the_newer_request_counts(bool isSame)
    {
        await using var chain = await ChainEndpoint.StartAsync();
        chain.GivesOneNumber = isSame;
        await using var socket = (await SolanaSocket.ConnectAsync(chain.Address, new RpcOptions(), new RpcMetrics(), TimeProvider.System, CancellationToken.None)).Value!;
        var (account, last) = (PairVenue.Vault(1, 0), PairVenue.Vault(1, 1));
        chain.HoldAnswers();
        var asked = chain.SubscriptionsAsync(isSame ? 2 : 3);
        await socket.SubscribeAsync([account, account, last], CancellationToken.None);
        await asked;
        chain.GiveAnswers(1);
        Assert.Equal(account, Assert.Single((await socket.TakeAsync(CancellationToken.None))!.Subscribed.Select(subscribed => subscribed.Account)));
        asked = chain.SubscriptionsAsync(1);
        await socket.UnsubscribeAsync([account], CancellationToken.None);
        await socket.SubscribeAsync([account], CancellationToken.None);
        await asked;
        chain.GiveAnswers(3);
        List<Solana.Address> standing = [];
        while (standing.Count < 2)
            standing.AddRange((await socket.TakeAsync(CancellationToken.None))!.Subscribed.Select(subscribed => subscribed.Account));
        Assert.Equal([last, account], standing);
        await chain.UnsubscribedAsync(2);
        Assert.Equal([account, last], chain.Subscribed.Order());
    }

    /// <summary>A node that gives one number to all that is asked for alike would end both.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_asked_for_before_is_not_ended_where_it_is_what_is_asked_for_anew(bool isSame)
    {
        await using var chain = await ChainEndpoint.StartAsync();
        chain.GivesOneNumber = isSame;
        await using var socket = (await SolanaSocket.ConnectAsync(chain.Address, new RpcOptions(), new RpcMetrics(), TimeProvider.System, CancellationToken.None)).Value!;
        var (account, last) = (PairVenue.Vault(1, 0), PairVenue.Vault(1, 1));
        chain.HoldAnswers();
        var asked = chain.SubscriptionsAsync(isSame ? 2 : 3);
        await socket.SubscribeAsync([account], CancellationToken.None);
        await socket.UnsubscribeAsync([account], CancellationToken.None);
        await socket.SubscribeAsync([account, last], CancellationToken.None);
        await asked;
        chain.GiveAnswers(3);
        List<Solana.Address> standing = [];
        while (standing.Count < 2)
            standing.AddRange((await socket.TakeAsync(CancellationToken.None))!.Subscribed.Select(subscribed => subscribed.Account));
        Assert.Equal([account, last], standing);
        if (!isSame)
            await chain.UnsubscribedAsync(1);
        await socket.UnsubscribeAsync([last], CancellationToken.None);
        await chain.UnsubscribedAsync(isSame ? 1 : 2);
        Assert.Equal([account], chain.Subscribed);
    }
}
