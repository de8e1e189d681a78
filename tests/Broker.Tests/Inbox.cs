using System.Threading.Channels;
using QTrade.Messages.Routing;

namespace QTrade.Broker.Tests;

/// <summary>Collects what a subscription delivers, in order, and ends nothing by itself.</summary>
internal sealed class Inbox
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Channel<Delivery> _arrived = Channel.CreateUnbounded<Delivery>();

    public void Take(Delivery delivery) => _arrived.Writer.TryWrite(delivery);

    public async Task<Delivery> NextAsync() => await _arrived.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>The next that is not only shown.</summary>
    public async Task<Delivery> NextInEarnestAsync()
    {
        Delivery delivery;
        do
            delivery = await NextAsync();
        while (delivery.IsShownOnly);
        return delivery;
    }

    /// <summary>The slot that the next message tells, which is acknowledged.</summary>
    public async Task<ulong> NextSlotAsync()
    {
        Delivery delivery = await NextAsync();
        delivery.Ack();
        return Slot(delivery);
    }

    public static ulong Slot(Delivery delivery) => Assert.IsType<SlotObserved>(delivery.Message).Slot;
}
