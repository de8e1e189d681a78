using System.Collections.Concurrent;
using QTrade.Broker.RabbitMq;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;
using QTrade.Shared.Broker;
using QTrade.Shared.Network;
using RabbitMQ.Client;

namespace QTrade.Broker.Tests;

[Collection(RabbitCollection.Name)]
public sealed class RabbitFaultSpecs(RabbitFixture rabbit) : IAsyncLifetime
{
    private readonly List<RabbitTransport> _opened = [];
    private readonly ConcurrentQueue<string> _told = new();
    private readonly string _cluster = rabbit.NewCluster();

    [RabbitFact]
    public async Task A_broker_that_is_killed_keeps_what_it_confirmed_and_everything_goes_on_once_it_is_back()
    {
        RabbitTransport router = Open("router"), executor = Open("executor");
        var inbox = new Inbox();
        Assert.Equal(PublishEnding.Confirmed, await router.PublishAsync(Hop.Pools(5), new SlotObserved(1)));
        Assert.Equal(PublishEnding.Confirmed, await router.PublishAsync(Hop.Results, new SlotObserved(2)));
        await executor.SubscribeAsync(Hop.Market, 10, inbox.Take);
        await router.PublishAsync(Hop.Market, new SlotObserved(3));
        Assert.Equal(3ul, await inbox.NextSlotAsync());

        await TransportContract.Eventually(() => rabbit.Server.Remembers($"{_cluster}.results"));
        rabbit.Server.Kill();
        await TransportContract.Eventually(() => !router.Status.Connected && !executor.Status.Connected);
        Task<PublishEnding> meanwhile = router.PublishAsync(Hop.Pools(5), new SlotObserved(4));
        rabbit.Server.Launch();

        Assert.Equal(PublishEnding.Confirmed, await meanwhile);
        await executor.SubscribeAsync(Hop.Pools(5), 10, inbox.Take);
        Assert.Equal(1ul, await inbox.NextSlotAsync());
        Assert.Equal(4ul, await inbox.NextSlotAsync());
        await executor.SubscribeAsync(Hop.Results, 10, inbox.Take);
        Assert.Equal(2ul, await inbox.NextSlotAsync());
        // The subscription to what the broker forgot is there again.
        var market = new SlotObserved(5);
        Task<ulong> arrived = inbox.NextSlotAsync();
        await TransportContract.EventuallyAsync(async () =>
        {
            await router.PublishAsync(Hop.Market, market);
            return arrived.IsCompleted;
        });
        Assert.Equal(5ul, await arrived);
        Assert.True(router.Status is { Connected: true, Connects: >= 2, ConnectsFailed: >= 1 });
    }

    [RabbitFact]
    public async Task What_a_node_held_that_is_cut_off_goes_elsewhere_and_its_late_word_does_no_harm()
    {
        using var proxy = new CuttingProxy(rabbit.Server.Port);
        RabbitTransport router = Open("router"), cut = Open("cut", proxy.Port), other = Open("other");
        Inbox first = new(), second = new();
        await cut.SubscribeAsync(Hop.Results, 10, first.Take);
        await other.SubscribeAsync(Hop.Results, 10, second.Take);
        await router.PublishAsync(Hop.Results, new SlotObserved(1));
        Delivery held = await first.NextAsync();

        proxy.Cut();

        Delivery again = await second.NextAsync();
        Assert.Equal((1ul, true), (Inbox.Slot(again), again.Redelivered));
        await TransportContract.Eventually(() => !cut.Status.Connected);
        held.Ack();
        Assert.Equal(1, cut.Status.EndedLate);
        again.Ack();
        proxy.Mend();
        await TransportContract.Eventually(() => cut.Status.Connected);
        await router.PublishAsync(Hop.Results, new SlotObserved(2));
        Assert.Equal(2ul, await second.NextSlotAsync());
        Assert.Contains(_told, line => line.StartsWith("broker: the connection to amqp://127.0.0.1:", StringComparison.Ordinal));
        await TransportContract.Eventually(() => _told.Any(line => line.EndsWith(" again", StringComparison.Ordinal)));
    }

    [RabbitFact]
    public async Task What_a_node_held_that_stands_still_goes_elsewhere_after_a_few_heartbeats()
    {
        using var proxy = new CuttingProxy(rabbit.Server.Port);
        RabbitTransport router = Open("router"), still = Open("still", proxy.Port), other = Open("other");
        Inbox first = new(), second = new();
        await still.SubscribeAsync(Hop.Results, 10, first.Take);
        await other.SubscribeAsync(Hop.Results, 10, second.Take);
        await router.PublishAsync(Hop.Results, new SlotObserved(1));
        await first.NextAsync();

        proxy.Hang();
        long started = TimeProvider.System.GetTimestamp();

        Assert.Equal(1ul, await second.NextSlotAsync());
        // Two to three of a second each, and what a busy machine adds: what takes longer are longer heartbeats.
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(8));
        await TransportContract.Eventually(() => !still.Status.Connected);
    }

    [RabbitFact]
    public async Task A_queue_that_somebody_deleted_is_declared_again_by_whoever_publishes()
    {
        RabbitTransport router = Open("router"), executor = Open("executor");
        Assert.Equal(PublishEnding.Confirmed, await router.PublishAsync(Hop.Results, new SlotObserved(1)));
        await using IConnection connection = await new ConnectionFactory { Uri = rabbit.Server.Uri }.CreateConnectionAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync($"{_cluster}.results");
        Assert.Equal(PublishEnding.Confirmed, await router.PublishAsync(Hop.Results, new SlotObserved(2)));

        // What is published while the queue goes is confirmed and gone with it: later ones arrive.
        var inbox = new Inbox();
        await executor.SubscribeAsync(Hop.Results, 10, inbox.Take);
        Task<ulong> next = inbox.NextSlotAsync();
        ulong slot = 2;
        var ending = PublishEnding.Confirmed;
        while (!next.IsCompleted && ending == PublishEnding.Confirmed)
            ending = await router.PublishAsync(Hop.Results, new SlotObserved(++slot));
        Assert.InRange(await next, 2ul, slot);
    }

    [RabbitFact]
    public async Task Results_that_come_again_more_often_than_the_broker_allows_do_not_vanish()
    {
        rabbit.Server.LimitDeliveries($"{_cluster}.results", 20);
        RabbitTransport router = Open("router"), executor = Open("executor");
        var inbox = new Inbox();
        await executor.SubscribeAsync(Hop.Results, 10, inbox.Take);
        await router.PublishAsync(Hop.Results, new SlotObserved(1));
        await router.PublishAsync(Hop.Results, new SlotObserved(2));

        var returned = new Dictionary<ulong, int> { [1] = 0, [2] = 0 };
        while (returned.Values.Any(times => times < 50))
        {
            Delivery again = await inbox.NextInEarnestAsync();
            Assert.Equal(returned[Inbox.Slot(again)]++ > 0, again.Redelivered);
            Assert.Equal("router", again.From);
            again.Return();
        }

        var last = new List<ulong>();
        for (int left = 0; left < 2; left++)
        {
            Delivery delivery = await inbox.NextInEarnestAsync();
            delivery.Ack();
            last.Add(Inbox.Slot(delivery));
        }

        Assert.Equal([1ul, 2ul], last.Order());
        await TransportContract.Eventually(() => executor.Status.Acked == 2 + executor.Status.Renewed);
        Assert.InRange(executor.Status.Renewed, 8, 12);
    }

    [RabbitFact]
    public async Task Results_whose_consumers_die_one_after_the_other_do_not_vanish()
    {
        rabbit.Server.LimitDeliveries($"{_cluster}.results", 20);
        RabbitTransport router = Open("router");
        await router.PublishAsync(Hop.Results, new SlotObserved(1));

        for (int died = 0; died < 30; died++)
        {
            RabbitTransport executor = Open("executor");
            var inbox = new Inbox();
            await executor.SubscribeAsync(Hop.Results, 10, inbox.Take);
            Assert.Equal((1ul, died > 0), await inbox.NextInEarnestAsync() is var held ? (Inbox.Slot(held), held.Redelivered) : default);
            await executor.DisposeAsync();
        }
    }

    [RabbitFact]
    public async Task What_is_published_while_the_node_is_cut_off_is_confirmed_once_it_is_not()
    {
        using var proxy = new CuttingProxy(rabbit.Server.Port);
        RabbitTransport feed = Open("feed", proxy.Port), pools = Open("pools");
        var inbox = new Inbox();
        await pools.SubscribeAsync(Hop.Pools(9), 1_000, inbox.Take);
        await feed.PublishAsync(Hop.Pools(9), new SlotObserved(0));
        Assert.Equal(0ul, await inbox.NextSlotAsync());

        proxy.Cut();
        Task<PublishEnding>[] published = [.. Enumerable.Range(1, 500).Select(slot => feed.PublishAsync(Hop.Pools(9), new SlotObserved((ulong)slot)))];
        await TransportContract.Eventually(() => feed.Status.ConnectsFailed > 1);
        proxy.Mend();

        Assert.All(await Task.WhenAll(published), ending => Assert.Equal(PublishEnding.Confirmed, ending));
        // At least once each, in any order.
        var arrived = new HashSet<ulong>();
        while (arrived.Count < 500)
            arrived.Add(await inbox.NextSlotAsync());
        Assert.Equal(244, feed.Status.Waits);
    }

    [RabbitFact]
    public async Task A_publisher_without_a_broker_gives_up_after_its_patience_and_a_subscriber_waits()
    {
        using var proxy = new CuttingProxy(rabbit.Server.Port);
        proxy.Cut();
        RabbitTransport node = Open(rabbit.Options(_cluster, "node", proxy.Port) with { PublishPatience = TimeSpan.FromMilliseconds(200) });
        var inbox = new Inbox();

        Assert.Equal(PublishEnding.Unknown, await node.PublishAsync(Hop.Pools(1), new SlotObserved(1)));
        Task<ISubscription> subscribing = node.SubscribeAsync(Hop.Pools(1), 10, inbox.Take);
        Assert.False(subscribing.IsCompleted);
        proxy.Mend();
        await subscribing;
        await Open("feed").PublishAsync(Hop.Pools(1), new SlotObserved(2));

        Assert.Equal(2ul, await inbox.NextSlotAsync());
        Assert.Equal(1, node.Status.Unknown);
    }

    [RabbitFact]
    public async Task What_others_published_without_manifest_or_version_goes_to_the_dead_letters()
    {
        RabbitTransport pools = Open("pools");
        var inbox = new Inbox();
        await pools.SubscribeAsync(Hop.Pools(6), 10, inbox.Take);
        EncodedMessage good = MessageCodec.Encode(new SlotObserved(1));
        await using IConnection connection = await new ConnectionFactory { Uri = rabbit.Server.Uri }.CreateConnectionAsync();
        await using IChannel channel = await connection.CreateChannelAsync();

        await channel.BasicPublishAsync("", $"{_cluster}.pools.6", good.Bytes);
        await channel.BasicPublishAsync("", $"{_cluster}.pools.6", mandatory: false, new BasicProperties { Type = good.Manifest }, good.Bytes);
        var odd = new BasicProperties { Type = good.Manifest, Headers = new Dictionary<string, object?> { ["version"] = "one", ["sender"] = 5, ["traceparent"] = "?" } };
        await channel.BasicPublishAsync("", $"{_cluster}.pools.6", mandatory: false, odd, good.Bytes);
        var strange = new BasicProperties { Type = good.Manifest, Headers = new Dictionary<string, object?> { ["version"] = 1, ["sender"] = 5, ["traceparent"] = "?" } };
        await channel.BasicPublishAsync("", $"{_cluster}.pools.6", mandatory: false, strange, good.Bytes);

        Delivery readable = await inbox.NextAsync();
        Assert.Equal((1ul, "unknown", null), (Inbox.Slot(readable), readable.From, readable.Trace));
        await TransportContract.EventuallyAsync(async () => await rabbit.CountDeadAsync(_cluster) == 3);
        Assert.Equal(3, pools.Status.Poisoned);
        Assert.Equal("a message 'chain.slot-observed' without a version", pools.Status.LastPoison);
    }

    [RabbitFact]
    public async Task A_wrong_password_is_told_without_repeating_it()
    {
        RabbitTransport node = Open(rabbit.Options(_cluster, "node") with { Broker = RabbitServerProcess.UriAt(rabbit.Server.Port, "guessed-it") });

        await TransportContract.Eventually(() => !_told.IsEmpty);

        string line = Assert.Single(_told);
        Assert.Contains("is not reached", line, StringComparison.Ordinal);
        Assert.DoesNotContain("guessed-it", line + node.Status, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://host", false)]
    [InlineData("rabbit", false)]
    [InlineData("amqp://", false)]
    [InlineData("amqp://user:secret@host:5672/qtrade", true)]
    [InlineData("amqps://host", true)]
    public void An_address_is_read_or_refused_without_repeating_it(string text, bool good)
    {
        string? wrong = RabbitTransportOptions.TryReadUri(text, out Uri? uri);

        Assert.Equal(good, uri is not null);
        Assert.Equal(good, wrong is null);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (RabbitTransport transport in _opened)
            await transport.DisposeAsync();
    }

    private RabbitTransport Open(string node, int? port = null) => Open(rabbit.Options(_cluster, node, port));

    private RabbitTransport Open(RabbitTransportOptions options)
    {
        var transport = new RabbitTransport(options, TimeProvider.System, _told.Enqueue);
        _opened.Add(transport);
        return transport;
    }
}
