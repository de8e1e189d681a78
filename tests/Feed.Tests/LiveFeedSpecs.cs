using System.Collections.Immutable;
using System.Text;
using Microsoft.AspNetCore.Http;
using QTrade.Feed.Tests.Endpoint;
using QTrade.Markets;
using QTrade.Messages.Registry;
using QTrade.Node.Actors;
using QTrade.Node.Feeds;
using QTrade.Solana;
using QTrade.Solana.Rpc;
using QTrade.Solana.Tapes;

namespace QTrade.Feed.Tests;

/// <summary>A feed over HTTP and WebSocket against an endpoint that misbehaves; after every fault its pools are the endpoint's own.</summary>
public sealed class LiveFeedSpecs
{
    [Fact]
    public async Task Pools_of_a_list_are_read_subscribed_to_and_followed()
    {
        await using var chain = await ChainAsync(3);
        await using var feed = FeedHarness.Live(chain, 3);
        await ShowsAsync(feed, 3);

        chain.Set((PairVenue.Vault(2, 0), PairVenue.VaultAccount(77)), (PairVenue.Vault(2, 1), PairVenue.VaultAccount(88)));
        await feed.UntilPoolAsync(2, 77, 88);

        var needed = Enumerable.Range(1, 3).SelectMany(pool => new[] { PairVenue.Pool(pool), PairVenue.Vault(pool, 0), PairVenue.Vault(pool, 1) });
        Assert.Equal(needed.Append(ProgramIds.ClockSysvar).Order(), chain.Subscribed.Order());
        Assert.All(feed.Pools.Values, pool => Assert.NotNull(pool.Venue));
        var token = Assert.Single(feed.Registered.OfType<ChangeToken>(), change => change.Command.TokenId.Value == PairVenue.Mint(1).ToString());
        Assert.Equal(9, token.Command.Token.Decimals);
        Assert.All(feed.Registered.OfType<ChangePool>(), change => Assert.Null(((ConfigurePool)change.Command).Pool.Venue));
    }

    [Fact]
    public async Task Pools_are_found_by_program_and_length()
    {
        await using var chain = await ChainAsync(5);
        chain.Set((PairVenue.AddressOf(77), new ChainAccount(PairVenue.Program, 1, new byte[9])));
        await using var feed = FeedHarness.Live([chain.Address], []);
        await ShowsAsync(feed, 5);
        Assert.Equal(5, feed.Pools.Count);
    }

    [Fact]
    public async Task Accounts_are_read_a_hundred_at_a_time()
    {
        await using var chain = await ChainAsync(120);
        await using var feed = FeedHarness.Live(chain, 120);
        await ShowsAsync(feed, 120);
        Assert.Equal(0, feed.Metrics.Rpc.RequestFaults(RpcFault.Refused));
        Assert.Equal((3 * 120) + 1, chain.Requests["accountSubscribe"]);
    }

    [Fact]
    public async Task After_a_cut_nothing_is_trusted_until_it_was_read_again()
    {
        await using var chain = await ChainAsync(2);
        await using var feed = FeedHarness.Live(chain, 2);
        await ShowsAsync(feed, 2);

        var held = new TaskCompletionSource();
        chain.HoldsReads = held.Task;
        chain.Cut();
        await feed.UntilAsync(() => !feed.IsTrusted(1) && !feed.IsTrusted(2) && feed.Metrics.Connects == 2, "distrust after the cut");
        chain.Set((PairVenue.Vault(1, 0), PairVenue.VaultAccount(5)), (PairVenue.Vault(1, 1), PairVenue.VaultAccount(6)));
        await feed.UntilAsync(() => feed.Metrics.Connects >= 2, "a second connection");
        Assert.False(feed.IsTrusted(2));

        held.SetResult();
        await feed.UntilPoolAsync(1, 5, 6);
        await feed.UntilPoolAsync(2, 20, 2_000);
    }

    [Fact]
    public async Task What_an_earlier_feed_read_is_not_trusted_before_this_one_has_read_it()
    {
        await using var chain = await ChainAsync(1);
        var held = new TaskCompletionSource();
        chain.HoldsReads = held.Task;
        var (known, gone) = (FeedHarness.IdOf(1).Value, FeedHarness.IdOf(9).Value);
        await using var feed = FeedHarness.Live(chain, 1, setup => setup with { Stood = ImmutableDictionary<PoolId, ulong>.Empty.Add(FeedHarness.IdOf(1), 1).Add(FeedHarness.IdOf(9), 1) });
        await feed.UntilAsync(() => feed.Trust.GetValueOrDefault(string.Empty, ulong.MaxValue) < ulong.MaxValue, "a connection");
        Assert.Equal(ulong.MaxValue, feed.Trust.GetValueOrDefault(known));

        held.SetResult();
        await ShowsAsync(feed, 1);
        Assert.InRange(feed.Trust[known], 1ul, chain.Slot);
        Assert.Equal(ulong.MaxValue, feed.Trust[gone]);
    }

    [Fact]
    public async Task What_changed_while_the_feed_was_away_is_found_by_reading_it()
    {
        await using var chain = await ChainAsync(2);
        await using var feed = FeedHarness.Live(chain, 2);
        await ShowsAsync(feed, 2);

        chain.RefusesSockets = true;
        chain.Cut();
        await feed.UntilAsync(() => feed.Metrics.Disconnects >= 3, "several failed tries");
        chain.Set((PairVenue.Vault(2, 0), PairVenue.VaultAccount(9)));
        chain.RefusesSockets = false;
        await feed.UntilPoolAsync(2, 9, 2_000);
        await feed.UntilPoolAsync(1, 10, 1_000);
    }

    [Fact]
    public async Task A_change_between_a_read_and_its_notification_is_not_lost()
    {
        await using var chain = await ChainAsync(1);
        var changes = new Lock();
        var changed = 0;
        chain.AfterRead = () =>
        {
            // Reads end on several threads: the last number counted must also be the last one set, and a chain tells an account once in a slot.
            lock (changes)
            {
                if (changed == 8)
                    return;
                chain.Set((PairVenue.Vault(1, 0), PairVenue.VaultAccount(100 + (ulong)++changed)));
                chain.NextSlot();
            }
        };
        await using var feed = FeedHarness.Live(chain, 1);
        await feed.UntilAsync(() => feed.IsTrusted(1) && feed.Shows(1, 100 + (ulong)Volatile.Read(ref changed), 1_000), "the last change");
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Doubled_and_reordered_notifications_end_in_the_endpoints_accounts(bool doubles, bool reorders)
    {
        await using var chain = await ChainAsync(4);
        chain.Duplicates = doubles;
        chain.Reorders = reorders;
        await using var feed = FeedHarness.Live(chain, 4);
        await ShowsAsync(feed, 4);
        for (ulong round = 1; round <= 50; round++)
        {
            chain.Set([.. Enumerable.Range(1, 4).SelectMany(pool => new[]
            {
                (PairVenue.Vault(pool, 0), PairVenue.VaultAccount(round * 3)), (PairVenue.Vault(pool, 1), PairVenue.VaultAccount(round * 7)),
            })]);
            chain.NextSlot();
        }

        for (var pool = 1; pool <= 4; pool++)
            await feed.UntilPoolAsync(pool, 150, 350);
        if (doubles)
            Assert.True(feed.Metrics.Counts.Repeated > 0);
    }

    [Fact]
    public async Task Lost_notifications_are_healed_by_reading_in_turn()
    {
        await using var chain = await ChainAsync(2);
        await using var feed = FeedHarness.Live(chain, 2, setup => setup with { AuditInterval = TimeSpan.FromMilliseconds(1) });
        await ShowsAsync(feed, 2);
        chain.DropsNotifications = true;
        chain.Set((PairVenue.Vault(1, 0), PairVenue.VaultAccount(31)), (PairVenue.Vault(1, 1), PairVenue.VaultAccount(32)));
        await feed.UntilPoolAsync(1, 31, 32);
        Assert.True(feed.Metrics.Counts.Healed > 0);
    }

    [Fact]
    public async Task A_clock_that_jumps_means_lost_notifications_and_a_new_connection()
    {
        await using var chain = await ChainAsync(1);
        await using var feed = FeedHarness.Live(chain, 1);
        await ShowsAsync(feed, 1);
        chain.DropsNotifications = true;
        chain.Set((PairVenue.Vault(1, 0), PairVenue.VaultAccount(41)));
        chain.DropsNotifications = false;
        chain.NextSlot(100);
        await feed.UntilPoolAsync(1, 41, 1_000);
        Assert.True(feed.Metrics.Counts.Gaps > 0);
        Assert.True(feed.Metrics.Connects > 1);
    }

    [Fact]
    public async Task A_connection_that_never_tells_anything_is_given_up_for_the_next()
    {
        await using var chain = await ChainAsync(1);
        chain.IsMute = true;
        await using var feed = FeedHarness.Live(chain, 1, setup => setup with { Silence = TimeSpan.FromMilliseconds(50) });
        await feed.UntilAsync(() => feed.Metrics.Silences >= 2, "silences of connections that tell nothing");
        Assert.False(feed.IsTrusted(1));
        Assert.True(feed.Metrics.Connects >= 2);

        chain.IsMute = false;
        await ShowsAsync(feed, 1);
    }

    [Fact]
    public async Task A_dead_endpoint_is_passed_over()
    {
        await using var chain = await ChainAsync(1);
        Assert.True(RpcEndpoint.TryCreate("http://127.0.0.1:9", "ws://127.0.0.1:9", out var dead, out _));
        await using var feed = FeedHarness.Live(chain, 1, null, null, null, dead);
        await ShowsAsync(feed, 1);
        Assert.True(feed.Metrics.Rpc.FrameFaults(RpcFault.Unreachable) > 0);
        Assert.True(feed.Metrics.Rpc.RequestFaults(RpcFault.Unreachable) > 0);
    }

    [Fact]
    public async Task Too_many_requests_are_answered_by_patience()
    {
        await using var chain = await ChainAsync(1);
        chain.TooManyNext(0);
        chain.TooManyNext(0);
        await using var feed = FeedHarness.Live(chain, 1);
        await ShowsAsync(feed, 1);
        Assert.Equal(2, feed.Metrics.Rpc.RequestFaults(RpcFault.RateLimited));
    }

    [Fact]
    public async Task Answers_and_frames_that_make_no_sense_are_counted_and_passed_over()
    {
        await using var chain = await ChainAsync(2);
        foreach (var body in new[] { "", "{", "[]", "{\"result\":{\"context\":{\"slot\":-1},\"value\":[]}}", "null", "{\"jsonrpc\":\"2.0\"}" })
            chain.AnswerNext(context => context.Response.WriteAsync(body));
        await using var feed = FeedHarness.Live(chain, 2);
        await ShowsAsync(feed, 2);
        foreach (var frame in new[] { "", "{", "[1", "{\"method\":\"accountNotification\",\"params\":{}}", "\u0000", "{\"method\":\"accountNotification\",\"params\":{\"result\":{\"context\":{\"slot\":1},\"value\":null},\"subscription\":999}}" })
            chain.Push(Encoding.UTF8.GetBytes(frame));
        chain.Set((PairVenue.Vault(1, 0), PairVenue.VaultAccount(61)));
        await feed.UntilPoolAsync(1, 61, 1_000);
        Assert.True(feed.Metrics.Rpc.RequestFaults(RpcFault.Malformed) >= 5);
        Assert.Equal(5, feed.Metrics.Rpc.FrameFaults(RpcFault.Malformed));
        Assert.Equal(1, feed.Metrics.Rpc.UnknownSubscriptions);
        Assert.Equal(1, feed.Metrics.Connects);
    }

    [Fact]
    public async Task A_subscription_that_is_refused_is_asked_for_again_on_the_same_connection()
    {
        await using var chain = await ChainAsync(2);
        chain.RefuseSubscriptions(PairVenue.Vault(1, 0), 3);
        await using var feed = FeedHarness.Live(chain, 2);
        await ShowsAsync(feed, 2);
        chain.Set((PairVenue.Vault(1, 0), PairVenue.VaultAccount(51)));
        await feed.UntilPoolAsync(1, 51, 1_000);
        Assert.Equal((3, 3, 1), (feed.Metrics.SubscriptionsRefused, feed.Metrics.SubscriptionsRetried, feed.Metrics.Connects));
        Assert.Equal((3 * 2) + 1 + 3, chain.Requests["accountSubscribe"]);
    }

    /// <summary>One address may be several nodes: that which answers a read may be behind the one that took the subscription, and what happened between them is told by neither.</summary>
    [Fact]
    public async Task What_is_read_after_a_subscription_is_no_older_than_that_subscription()
    {
        await using var chain = await ChainAsync(2);
        chain.RefuseSubscriptions(PairVenue.Vault(2, 0), int.MaxValue);
        await using var feed = FeedHarness.Live(chain, 2);
        await ShowsAsync(feed, 1);
        var stopped = chain.StopReads();
        chain.Set((PairVenue.Vault(2, 0), PairVenue.VaultAccount(77)));
        await feed.UntilAsync(() => feed.Metrics.Slot > stopped + 3, "slots past the one at which reads stopped");
        chain.RefuseSubscriptions(PairVenue.Vault(2, 0), 0);
        await feed.UntilAsync(() => feed.IsTrusted(2) || feed.Metrics.Rpc.RequestFaults(RpcFault.Behind) > 0, "a read after the subscription");
        Assert.False(feed.IsTrusted(2));

        chain.GoOnReading();
        await feed.UntilPoolAsync(2, 77, 2_000);
    }

    /// <summary>What a connection has not told anything on is known of the one before at best: the node of the new one may be further on, and has told nothing of what it has seen.</summary>
    [Fact]
    public async Task On_a_new_connection_what_is_read_is_no_older_than_what_is_told_after_the_subscription()
    {
        await using var chain = await ChainAsync(1);
        await using var feed = FeedHarness.Live(chain, 1);
        await ShowsAsync(feed, 1);
        chain.StopClock();
        chain.StopReads();
        chain.RefusesSockets = true;
        chain.Cut();
        await feed.UntilAsync(() => feed.Metrics.Disconnects >= 2, "a cut, and nobody to connect to");
        chain.NextSlot(2);
        chain.Set((PairVenue.Vault(1, 0), PairVenue.VaultAccount(77)));
        chain.NextSlot();
        var subscribed = chain.SubscriptionsAsync(4);
        chain.RefusesSockets = false;
        await subscribed;
        chain.GoOnTicking();
        await feed.UntilAsync(() => feed.IsTrusted(1) || feed.Metrics.Rpc.RequestFaults(RpcFault.Behind) > 0, "a read after the subscriptions");
        Assert.False(feed.IsTrusted(1));

        chain.GoOnReading();
        await feed.UntilPoolAsync(1, 77, 1_000);
    }

    /// <summary>A node that is asked for a slot which it has not reached refuses, and whoever was refused leaves it alone for a while: no other account could be read.</summary>
    [Fact]
    public async Task What_cannot_be_read_before_the_next_slot_is_not_asked_for_before_it()
    {
        await using var chain = await ChainAsync(2);
        await using var feed = FeedHarness.Live(chain, 2, setup => setup with { AuditInterval = TimeSpan.FromMilliseconds(1) });
        await ShowsAsync(feed, 2);
        chain.StopClock();
        chain.Garble(PairVenue.Vault(1, 0), PairVenue.VaultAccount(91));
        await feed.UntilAsync(() => !feed.IsTrusted(1), "the pool of the unreadable notification not traded");
        var asked = chain.Requests["getMultipleAccounts"];
        var answered = new TaskCompletionSource();
        chain.AfterRead = () =>
        {
            if (chain.Requests["getMultipleAccounts"] > asked + 10)
                answered.TrySetResult();
        };
        await answered.Task.WaitAsync(TimeSpan.FromSeconds(10));
        chain.GoOnTicking();
        await feed.UntilPoolAsync(1, 91, 1_000);
        Assert.Equal(0, feed.Metrics.Rpc.RequestFaults(RpcFault.Behind));
    }

    /// <summary>What an account came to is not known then, until it changes again.</summary>
    [Fact]
    public async Task An_account_whose_notification_cannot_be_read_is_read_again()
    {
        await using var chain = await ChainAsync(2);
        await using var feed = FeedHarness.Live(chain, 2);
        await ShowsAsync(feed, 2);
        chain.Garble(PairVenue.Vault(1, 0), PairVenue.VaultAccount(91));
        await feed.UntilPoolAsync(1, 91, 1_000);
        Assert.Equal((1, 1), (feed.Metrics.Rpc.FrameFaults(RpcFault.Malformed), feed.Metrics.Connects));
    }

    /// <summary>Reads now and then are no replacement for what is not told: the pool's other accounts would go on without it.</summary>
    [Fact]
    public async Task A_pool_with_an_account_that_is_not_followed_is_not_shown_whatever_is_read()
    {
        await using var chain = await ChainAsync(2);
        chain.RefuseSubscriptions(PairVenue.Vault(1, 0), int.MaxValue);
        await using var feed = FeedHarness.Live(chain, 2, setup => setup with { AuditInterval = TimeSpan.FromMilliseconds(1) });
        for (ulong told = 51; told < 81 || chain.Requests["getMultipleAccounts"] < 20; told++)
        {
            chain.Set((PairVenue.Vault(2, 0), PairVenue.VaultAccount(told)));
            await feed.UntilPoolAsync(2, told, 2_000);
        }

        Assert.False(feed.IsTrusted(1));
        Assert.Equal(1, feed.Metrics.Connects);
    }

    [Fact]
    public async Task Requests_that_break_leave_the_connection_and_are_made_again()
    {
        var time = new BreakingTime();
        await using var chain = await ChainAsync(1);
        await using var feed = FeedHarness.Live(
            chain, 1, setup => setup with { AuditInterval = TimeSpan.FromMilliseconds(1), DiscoverInterval = TimeSpan.FromMilliseconds(1) }, null, time);
        await ShowsAsync(feed, 1);
        time.Breaks = true;
        await feed.UntilAsync(() => time.Broken >= 20, "more broken requests than may be under way at once");
        chain.DropsNotifications = true;
        chain.Set((PairVenue.Vault(1, 0), PairVenue.VaultAccount(81)));
        time.Breaks = false;
        await feed.UntilPoolAsync(1, 81, 1_000);
        Assert.Equal((1, 0), (feed.Metrics.Connects, feed.Metrics.Disconnects));
        Assert.Contains(BreakingTime.Reason, feed.Metrics.LastFault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_try_to_connect_that_is_called_off_leaves_no_connection()
    {
        await using var chain = await ChainAsync(1);
        var asked = new TaskCompletionSource();
        chain.AnswerNext(async context =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await using var edge = new SolanaEdge(new SolanaEdgeOptions { Endpoints = [chain.Address] }, new LiveFeedMetrics(), TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var connecting = edge.ConnectAsync(stop.Token);
        await asked.Task;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        await chain.SocketEnded.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_pool_whose_vault_changes_hands_is_refused_and_taken_up_again()
    {
        await using var chain = await ChainAsync(1);
        await using var feed = FeedHarness.Live(chain, 1);
        await ShowsAsync(feed, 1);
        chain.Set((PairVenue.Vault(1, 0), PairVenue.VaultAccount(10) with { Owner = PairVenue.Program }));
        await feed.UntilAsync(() => !feed.IsTrusted(1), "the pool refused");
        chain.Set((PairVenue.Vault(1, 0), PairVenue.VaultAccount(12)));
        await feed.UntilPoolAsync(1, 12, 1_000);
    }

    [Fact]
    public async Task A_tape_plays_to_the_states_that_were_recorded()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("qtrade-tape").FullName, "live.tape");
        await using var chain = await ChainAsync(3);
        Assert.True(TapeWriter.TryOpen(path, TimeProvider.System, out var writer, out _));
        Dictionary<string, string> live;
        await using (var feed = FeedHarness.Live(chain, 3, null, writer))
        {
            await ShowsAsync(feed, 3);
            chain.Cut();
            await feed.UntilAsync(() => feed.Metrics.Connects == 2, "the second connection");
            chain.Set((PairVenue.Vault(3, 0), PairVenue.VaultAccount(71)), (PairVenue.Vault(3, 1), PairVenue.VaultAccount(72)));
            await feed.UntilPoolAsync(3, 71, 72);
            await feed.UntilPoolAsync(2, 20, 2_000);
            await feed.UntilPoolAsync(1, 10, 1_000);
            live = feed.Pools.Values.ToDictionary(pool => pool.PoolId.Value, pool => string.Join('/', pool.Reserves) + "@" + pool.At);
        }

        writer.Dispose();
        Assert.Null(writer.Fault);
        // The cut is a loss, the end of the recording is none: at the tape's end everything is as it was.
        Assert.Equal(1, Losses(path));
        Assert.True(TapeReader.TryOpen(path, out var reader, out _));
        using (reader)
        {
            await using var played = FeedHarness.Play(reader);
            await played.UntilAsync(() => played.Shows(3, 71, 72) && played.Shows(2, 20, 2_000) && played.Shows(1, 10, 1_000) && played.Metrics.TapeHasEnded, "the end of the tape");
            Assert.Equal(
                live.OrderBy(pool => pool.Key),
                played.Pools.Values.ToDictionary(pool => pool.PoolId.Value, pool => string.Join('/', pool.Reserves) + "@" + pool.At).OrderBy(pool => pool.Key));
        }
    }

    private static int Losses(string path)
    {
        var losses = 0;
        Assert.True(TapeReader.TryOpen(path, out var reader, out _));
        using (reader)
        {
            while (reader.TryRead(out var entry))
                losses += entry.Kind == TapeEntryKind.Lost ? 1 : 0;
        }

        return losses;
    }

    private static async Task<ChainEndpoint> ChainAsync(int pools)
    {
        var chain = await ChainEndpoint.StartAsync();
        for (var pool = 1; pool <= pools; pool++)
            chain.Set(PairVenue.Accounts(pool, (ulong)pool * 10, (ulong)pool * 1_000));
        return chain.Live();
    }

    private static async Task ShowsAsync(FeedHarness feed, int pools)
    {
        for (var pool = 1; pool <= pools; pool++)
            await feed.UntilPoolAsync(pool, (ulong)pool * 10, (ulong)pool * 1_000);
    }
}
