using QTrade.Actors;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;
using QTrade.Shared.Contracts;

namespace QTrade.Broker.Tests;

/// <summary>What every transport does. Each spec has a cluster of its own.</summary>
public abstract class TransportContract : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<ITransport> _opened = [];

    [ContractFact]
    public async Task What_a_node_publishes_arrives_in_order_with_its_name_and_trace()
    {
        ITransport feed = Open("feed"), pools = Open("pools");
        var inbox = new Inbox();
        await pools.SubscribeAsync(Hop.Pools(7), 100, inbox.Take);

        Assert.True(TraceContext.TryParse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", out TraceContext? trace));
        for (ulong slot = 1; slot <= 50; slot++)
            Assert.Equal(PublishEnding.Confirmed, await feed.PublishAsync(Hop.Pools(7), new SlotObserved(slot), trace));

        for (ulong slot = 1; slot <= 50; slot++)
        {
            Delivery delivery = await inbox.NextAsync();
            Assert.Equal(slot, Inbox.Slot(delivery));
            Assert.Equal(("feed", false, trace.ToString()), (delivery.From, delivery.Redelivered, delivery.Trace?.ToString()));
            delivery.Ack();
        }
    }

    [ContractFact]
    public async Task Messages_wait_for_whoever_subscribes()
    {
        ITransport feed = Open("feed"), pools = Open("pools");
        await feed.PublishAsync(Hop.Pools(0), new SlotObserved(1));

        var inbox = new Inbox();
        await pools.SubscribeAsync(Hop.Pools(0), 10, inbox.Take);

        Assert.Equal(1ul, await inbox.NextSlotAsync());
    }

    [ContractFact]
    public async Task One_of_two_consumers_is_active_and_hands_over_when_it_cancels()
    {
        ITransport feed = Open("feed"), first = Open("first"), second = Open("second");
        Inbox firsts = new(), seconds = new();
        ISubscription active = await first.SubscribeAsync(Hop.Pools(3), 10, firsts.Take);
        await second.SubscribeAsync(Hop.Pools(3), 10, seconds.Take);

        await feed.PublishAsync(Hop.Pools(3), new SlotObserved(1));
        await feed.PublishAsync(Hop.Pools(3), new SlotObserved(2));
        Delivery held = await firsts.NextAsync();
        Assert.Equal(2ul, await firsts.NextSlotAsync());
        await active.CancelAsync();
        await feed.PublishAsync(Hop.Pools(3), new SlotObserved(3));

        Assert.Equal(3ul, await seconds.NextSlotAsync());
        // It finishes what it holds: nobody else sees it.
        held.Ack();
        await Eventually(() => first.Status.Acked == 2);
        await active.DisposeAsync();
        await active.DisposeAsync();
        await feed.PublishAsync(Hop.Pools(3), new SlotObserved(4));
        Assert.Equal(4ul, await seconds.NextSlotAsync());
    }

    [ContractFact]
    public async Task What_a_dead_consumer_held_comes_again_in_order_to_the_next()
    {
        ITransport router = Open("router"), first = Open("first"), second = Open("second");
        Inbox firsts = new(), seconds = new();
        await first.SubscribeAsync(Hop.Results, 10, firsts.Take);
        await second.SubscribeAsync(Hop.Results, 10, seconds.Take);
        for (ulong slot = 1; slot <= 3; slot++)
            await router.PublishAsync(Hop.Results, new SlotObserved(slot));
        Delivery done = await firsts.NextAsync();
        done.Ack();
        await firsts.NextAsync();
        await firsts.NextAsync();
        await Eventually(() => first.Status.Acked == 1);

        await first.DisposeAsync();

        foreach (ulong slot in new ulong[] { 2, 3 })
        {
            Delivery again = await seconds.NextAsync();
            Assert.Equal((slot, true), (Inbox.Slot(again), again.Redelivered));
            again.Ack();
        }

        Assert.Equal(2, second.Status.Redelivered);
    }

    [ContractFact]
    public async Task What_is_returned_comes_again_and_what_is_acknowledged_does_not()
    {
        ITransport router = Open("router"), executor = Open("executor");
        var inbox = new Inbox();
        await executor.SubscribeAsync(Hop.Results, 1, inbox.Take);
        await router.PublishAsync(Hop.Results, new SlotObserved(1));
        await router.PublishAsync(Hop.Results, new SlotObserved(2));

        Delivery first = await inbox.NextAsync();
        first.Return();
        first.Ack();
        // A quorum queue may deliver what waits before what was returned.
        var rest = new List<(ulong, bool)>();
        for (int count = 0; count < 2; count++)
        {
            Delivery delivery = await inbox.NextAsync();
            rest.Add((Inbox.Slot(delivery), delivery.Redelivered));
            delivery.Ack();
            delivery.Return();
        }

        Assert.Equal(new (ulong, bool)[] { (1, true), (2, false) }, rest.Order());
        await router.PublishAsync(Hop.Results, new SlotObserved(3));
        Assert.Equal(3ul, await inbox.NextSlotAsync());
    }

    [ContractFact]
    public async Task What_came_back_too_often_is_shown_and_comes_once_more_as_if_for_the_first_time()
    {
        ITransport router = Open("router"), executor = Open("executor");
        var inbox = new Inbox();
        await executor.SubscribeAsync(Hop.Results, 10, inbox.Take);
        await router.PublishAsync(Hop.Results, new SlotObserved(1));
        for (int returned = 0; returned < 10; returned++)
            (await inbox.NextAsync()).Return();

        Delivery shown = await inbox.NextAsync();
        shown.Ack();
        Delivery again = await inbox.NextAsync();
        Assert.Equal((1ul, true, true, "router"), (Inbox.Slot(shown), shown.IsShownOnly, shown.Redelivered, shown.From));
        Assert.Equal((1ul, false, true, "router"), (Inbox.Slot(again), again.IsShownOnly, again.Redelivered, again.From));
        again.Return();
        Assert.Equal(1ul, await inbox.NextSlotAsync());
        await Eventually(() => executor.Status is { Renewed: 1, Acked: 2 });
    }

    [ContractFact]
    public async Task No_more_is_delivered_than_may_be_unended()
    {
        ITransport feed = Open("feed"), pools = Open("pools");
        var inbox = new Inbox();
        int mostHeld = 0, held = 0;
        ISubscription subscription = await pools.SubscribeAsync(Hop.Pools(1), 3, delivery =>
        {
            mostHeld = Math.Max(mostHeld, Interlocked.Increment(ref held));
            inbox.Take(delivery);
        });
        for (ulong slot = 1; slot <= 20; slot++)
            await feed.PublishAsync(Hop.Pools(1), new SlotObserved(slot));

        for (ulong slot = 1; slot <= 20; slot++)
        {
            Delivery delivery = await inbox.NextAsync();
            Assert.InRange(subscription.Unended, 1, 3);
            Interlocked.Decrement(ref held);
            delivery.Ack();
        }

        Assert.InRange(mostHeld, 1, 3);
    }

    [ContractFact]
    public async Task Everyone_subscribed_to_a_fan_out_gets_what_comes_after()
    {
        ITransport pools = Open("pools"), router = Open("router"), executor = Open("executor");
        Inbox routers = new(), executors = new();
        await pools.PublishAsync(Hop.Market, new SlotObserved(1));
        await router.SubscribeAsync(Hop.Market, 10, routers.Take);
        await pools.PublishAsync(Hop.Market, new SlotObserved(2));
        await executor.SubscribeAsync(Hop.Market, 10, executors.Take);
        await pools.PublishAsync(Hop.Market, new SlotObserved(3));

        Assert.Equal(2ul, await routers.NextSlotAsync());
        Assert.Equal(3ul, await routers.NextSlotAsync());
        Assert.Equal(3ul, await executors.NextSlotAsync());
    }

    [ContractFact]
    public async Task Control_is_kept_for_a_node_that_was_there_once_and_is_away()
    {
        ITransport executor = Open("executor"), person = Open("person");
        var before = new Inbox();
        await executor.SubscribeAsync(Hop.Control, 10, before.Take);
        await executor.DisposeAsync();
        var halt = new SetTradingState(TradingState.Halted, Messages.ReasonCode.Operator, "lunch", DateTimeOffset.UnixEpoch);
        await person.PublishAsync(Hop.Control, halt);

        var after = new Inbox();
        await Open("executor").SubscribeAsync(Hop.Control, 10, after.Take);

        Assert.Equal(halt, (await after.NextAsync()).Message);
    }

    [ContractFact]
    public async Task A_worker_is_reached_as_long_as_it_is_there()
    {
        ITransport router = Open("router"), optimizer = Open("optimizer");
        Assert.Equal(PublishEnding.NoReceiver, await router.PublishAsync(Hop.Solve("node-1.optimizer-1"), new SlotObserved(1)));

        var inbox = new Inbox();
        ISubscription subscription = await optimizer.SubscribeAsync(Hop.Solve("node-1.optimizer-1"), 1, inbox.Take);
        Assert.Equal(PublishEnding.Confirmed, await router.PublishAsync(Hop.Solve("node-1.optimizer-1"), new SlotObserved(2)));
        Assert.Equal(2ul, await inbox.NextSlotAsync());
        await subscription.DisposeAsync();

        Assert.Equal(PublishEnding.NoReceiver, await router.PublishAsync(Hop.Solve("node-1.optimizer-1"), new SlotObserved(3)));
        Assert.Equal(2, router.Status.NoReceiver);
    }

    [ContractFact]
    public async Task A_full_hop_says_so()
    {
        ITransport router = Open("router"), optimizer = Open("optimizer");
        var inbox = new Inbox();
        await optimizer.SubscribeAsync(Hop.Solve("slow"), 1, inbox.Take);

        ulong slot = 0;
        PublishEnding ending;
        do
            ending = await router.PublishAsync(Hop.Solve("slow"), new SlotObserved(++slot));
        while (ending == PublishEnding.Confirmed && slot < 100);

        Assert.Equal(PublishEnding.Full, ending);
        Assert.Equal(1, router.Status.Full);
        for (ulong kept = 1; kept < slot; kept++)
            Assert.Equal(kept, await inbox.NextSlotAsync());
    }

    [ContractFact]
    public async Task Poison_goes_to_the_dead_letters_and_holds_nothing_up()
    {
        ITransport feed = Open("feed"), pools = Open("pools");
        var inbox = new Inbox();
        await pools.SubscribeAsync(Hop.Pools(2), 10, inbox.Take);
        EncodedMessage good = MessageCodec.Encode(new SlotObserved(1));

        await feed.PublishAsync(Hop.Pools(2), good with { Manifest = "chain.unheard-of" });
        await feed.PublishAsync(Hop.Pools(2), good with { Version = 99 });
        await feed.PublishAsync(Hop.Pools(2), good with { Bytes = new byte[] { 0xff, 0xff, 0xff } });
        await feed.PublishAsync(Hop.Pools(2), good);

        Assert.Equal(1ul, await inbox.NextSlotAsync());
        Assert.Equal(3, pools.Status.Poisoned);
        Assert.Equal("the 3 bytes are not a 'chain.slot-observed' of version 1", pools.Status.LastPoison);
        await EventuallyAsync(async () => await CountDeadAsync() == 3);
    }

    [ContractFact]
    public async Task What_a_handler_fails_on_twice_is_poison()
    {
        ITransport feed = Open("feed"), pools = Open("pools");
        var inbox = new Inbox();
        await pools.SubscribeAsync(Hop.Pools(4), 1, delivery =>
        {
            if (Inbox.Slot(delivery) == 1) throw new InvalidOperationException("not this one");
            inbox.Take(delivery);
        });

        await feed.PublishAsync(Hop.Pools(4), new SlotObserved(1));
        await feed.PublishAsync(Hop.Pools(4), new SlotObserved(2));

        Assert.Equal(2ul, await inbox.NextSlotAsync());
        Assert.Equal((2, 1), (pools.Status.HandlersFailed, pools.Status.Poisoned));
        Assert.Equal("its handler failed twice, the second time with InvalidOperationException: not this one", pools.Status.LastPoison);
        await EventuallyAsync(async () => await CountDeadAsync() == 1);
    }

    [ContractFact]
    public async Task What_is_refused_goes_to_the_dead_letters()
    {
        ITransport router = Open("router"), executor = Open("executor");
        var inbox = new Inbox();
        await executor.SubscribeAsync(Hop.Results, 1, inbox.Take);
        await router.PublishAsync(Hop.Results, new SlotObserved(1));

        (await inbox.NextAsync()).Refuse("no solution");

        await EventuallyAsync(async () => await CountDeadAsync() == 1);
        Assert.Equal("no solution", executor.Status.LastPoison);
        await router.PublishAsync(Hop.Results, new SlotObserved(2));
        Assert.Equal(2ul, await inbox.NextSlotAsync());
    }

    [ContractFact]
    public async Task A_publisher_waits_while_as_much_as_may_be_is_outstanding()
    {
        ITransport router = Open("router"), executor = Open("executor");
        var inbox = new Inbox();
        await executor.SubscribeAsync(Hop.Results, 200, inbox.Take);
        using var results = new OutstandingPublisher<ulong>(router, Hop.Results);
        for (ulong slot = 1; slot <= 100; slot++)
            Assert.Equal(PublishEnding.Confirmed, await results.PublishAsync(slot, new SlotObserved(slot)));
        // Acknowledged is not ended: the outcome counts.
        for (ulong slot = 1; slot <= 100; slot++)
            Assert.Equal(slot, await inbox.NextSlotAsync());

        Task<PublishEnding> beyond = results.PublishAsync(101, new SlotObserved(101));
        await Eventually(() => results.Waits == 1);
        Assert.Equal(PublishEnding.Confirmed, await results.PublishAsync(50, new SlotObserved(50)));
        Assert.Equal(50ul, await inbox.NextSlotAsync());
        Assert.Equal((100, false), (results.Outstanding, beyond.IsCompleted));

        results.End(7);
        results.End(7);

        Assert.Equal(PublishEnding.Confirmed, await beyond);
        Assert.Equal(101ul, await inbox.NextSlotAsync());
        Assert.Equal(100, results.Outstanding);
    }

    [ContractFact]
    public async Task Dead_letters_are_for_a_person()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Open("node").SubscribeAsync(Hop.Dead, 1, _ => { }));
    }

    [ContractFact]
    public async Task What_has_ended_publishes_and_subscribes_no_more()
    {
        ITransport node = Open("node");
        await node.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => node.PublishAsync(Hop.Market, new SlotObserved(1)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => node.SubscribeAsync(Hop.Market, 1, _ => { }));
        Assert.False(node.Status.Connected);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        foreach (ITransport transport in _opened)
            await transport.DisposeAsync();
    }

    /// <summary>Waits until something is so that a status shows.</summary>
    internal static Task Eventually(Func<bool> isSo) => EventuallyAsync(() => Task.FromResult(isSo()));

    internal static async Task EventuallyAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await isSo())
            await Task.Delay(TimeSpan.FromMilliseconds(5), patience.Token);
    }

    /// <summary>A node's transport to the spec's cluster.</summary>
    protected ITransport Open(string node)
    {
        ITransport transport = Connect(node);
        _opened.Add(transport);
        return transport;
    }

    protected abstract ITransport Connect(string node);

    /// <summary>How many dead letters the spec's cluster has.</summary>
    protected abstract Task<long> CountDeadAsync();
}
