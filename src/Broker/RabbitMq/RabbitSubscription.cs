using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using static QTrade.Broker.TransportCounters;

namespace QTrade.Broker.RabbitMq;

/// <summary>
/// One subscription over all the connections that it lives through, each with a channel of its own. Deliveries of a channel that has ended
/// come again; endings of those are late.
/// </summary>
internal sealed class RabbitSubscription : ISubscription
{
    /// <summary>How often a consumer looks whether the broker still knows it.</summary>
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(2);

    private readonly RabbitTransport _transport;
    private readonly Hop _hop;
    private readonly ushort _unendedMax;
    private readonly Handling _handling;
    private readonly TransportCounters _counters;
    private readonly CancellationTokenSource _ended;
    private readonly TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;
    private Consumption? _now;
    private bool _isDisposed;

    public RabbitSubscription(RabbitTransport transport, Hop hop, int unendedMax, Handling handling, TransportCounters counters, CancellationToken ended)
    {
        (_transport, _hop, _unendedMax, _handling, _counters) = (transport, hop, (ushort)unendedMax, handling, counters);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(ended);
        _running = Task.Run(() => RunAsync(_ended.Token), CancellationToken.None);
    }

    /// <summary>Ends once it consumes for the first time.</summary>
    public Task Subscribed => _subscribed.Task;

    public int Unended => Volatile.Read(ref _now)?.Unended ?? 0;

    public async Task CancelAsync()
    {
        _cancelled.TrySetResult();
        if (Volatile.Read(ref _now) is { } now)
            await now.CancelAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _cancelled.TrySetResult();
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            await _running.ConfigureAwait(false);
            return;
        }

        await _ended.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _transport.Forget(this);
        _ended.Dispose();
    }

    private async Task RunAsync(CancellationToken ended)
    {
        var wait = _transport.NewBackoff();
        while (!ended.IsCancellationRequested && !_cancelled.Task.IsCompleted)
        {
            try
            {
                var link = await _transport.LinkAsync(ended).ConfigureAwait(false);
                await ConsumeWhileItStandsAsync(link, ended).ConfigureAwait(false);
                wait.Succeeded();
            }
#pragma warning disable CA1031 // Whatever ends a consumer, nobody would begin it again: a node that hears nothing any more looks alive.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                if (ended.IsCancellationRequested)
                    break;
                if (!RabbitLink.IsOfBroker(fault))
                    _counters.Fault($"a consumer of {_hop.Name} ended by {fault.GetType().Name}: {fault.Message.ReplaceLineEndings(" ")}");
                await wait.WaitAsync(ended).ConfigureAwait(false);
            }
        }

        _subscribed.TrySetCanceled(CancellationToken.None);
    }

    /// <summary>
    /// Consumes until the channel ends, and little longer than its connection: what the client has to send then, an acknowledgement or a close, can wait for ever
    /// for room in a queue that nobody empties any more.
    /// </summary>
    private async Task ConsumeWhileItStandsAsync(RabbitLink link, CancellationToken ended)
    {
        var consuming = ConsumeAsync(link, ended);
        if (await Task.WhenAny(consuming, link.Lost).ConfigureAwait(false) != consuming)
        {
            await consuming.WaitAsync(RabbitLink.CloseTimeout, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!consuming.IsCompleted)
            {
                Interlocked.Exchange(ref _now, null)?.Close();
                _ = consuming.ContinueWith(static late => late.Exception, TaskScheduler.Default);
                throw new IOException("the connection ended");
            }
        }

        await consuming.ConfigureAwait(false);
    }

    /// <summary>Consumes until the channel ends, whoever ends it.</summary>
    private async Task ConsumeAsync(RabbitLink link, CancellationToken ended)
    {
        var channel = await link.OpenChannelAsync(ended).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
        {
            var now = new Consumption(this, channel);
            // The consumer before this one may have ended with its queue.
            link.Forget(_hop);
            await link.DeclareAsync(_hop, ended).ConfigureAwait(false);
            await channel.BasicQosAsync(0, _unendedMax, global: false, ended).ConfigureAwait(false);
            var queue = await _transport.Names.DeclareAsync(channel, _hop, _transport.Node, _transport.Options.AwayMax, ended).ConfigureAwait(false);
            await now.BeginAsync(queue, ended).ConfigureAwait(false);
            Volatile.Write(ref _now, now);
            _subscribed.TrySetResult();
            using var standing = CancellationTokenSource.CreateLinkedTokenSource(ended);
            var watching = now.WatchAsync(queue, standing.Token);
            try
            {
                if (_cancelled.Task.IsCompleted)
                    await now.CancelAsync().ConfigureAwait(false);
                await now.RunAsync(ended).ConfigureAwait(false);
            }
            finally
            {
                Interlocked.CompareExchange(ref _now, null, now);
                now.Close();
                await standing.CancelAsync().ConfigureAwait(false);
                await watching.ConfigureAwait(false);
            }
        }
    }

    /// <summary>What happens on one channel.</summary>
    private sealed class Consumption(RabbitSubscription subscription, IChannel channel)
    {
        // Bounded by the prefetch: every delivery ends once.
        private readonly Channel<Ended> _endings = Channel.CreateUnbounded<Ended>(new UnboundedChannelOptions { SingleReader = true });
        private string _tag = "";
        private int _unended;
        private bool _isCancelled;

        public int Unended => Volatile.Read(ref _unended);

        public async Task BeginAsync(string queue, CancellationToken ended)
        {
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += ReceiveAsync;
            consumer.UnregisteredAsync += (_, _) => LoseAsync();
            channel.ChannelShutdownAsync += (_, _) => LoseAsync();
            _tag = await channel.BasicConsumeAsync(queue, autoAck: false, consumer, ended).ConfigureAwait(false);
        }

        public async Task CancelAsync()
        {
            if (Interlocked.Exchange(ref _isCancelled, true))
                return;
            try
            {
                await channel.BasicCancelAsync(_tag).ConfigureAwait(false);
            }
            catch (Exception fault) when (RabbitLink.IsOfBroker(fault))
            {
                // The channel has ended, and with it what it consumed.
            }
        }

        /// <summary>
        /// Looks whether the queue still knows a consumer: of a quorum queue that is deleted and declared again by somebody at once the broker may keep none, and say nothing.
        /// </summary>
        public async Task WatchAsync(string queue, CancellationToken ended)
        {
            try
            {
                while (!ended.IsCancellationRequested)
                {
                    await subscription._transport.DelayAsync(CheckEvery, ended).ConfigureAwait(false);
                    if (Volatile.Read(ref _isCancelled))
                        return;
                    var found = await channel.QueueDeclarePassiveAsync(queue, ended).ConfigureAwait(false);
                    if (found.ConsumerCount > 0)
                        continue;
                    subscription._counters.Fault($"the consumer of {subscription._hop.Name} was gone without a word: the queue was declared anew");
                    _endings.Writer.TryComplete();
                    return;
                }
            }
            catch (OperationCanceledException)
            {
                // The consumer ended.
            }
            catch (Exception fault) when (RabbitLink.IsOfBroker(fault))
            {
                // The channel ended, which ends the consumer.
            }
        }

        public async Task RunAsync(CancellationToken ended)
        {
            await foreach (var ending in _endings.Reader.ReadAllAsync(ended).ConfigureAwait(false))
                await EndAsync(ending).ConfigureAwait(false);
        }

        public void Close()
        {
            _endings.Writer.TryComplete();
            while (_endings.Reader.TryRead(out _))
                subscription._counters.Add(Count.EndedLate);
        }

        private Task ReceiveAsync(object sender, BasicDeliverEventArgs delivered)
        {
            Interlocked.Increment(ref _unended);
            var (tag, properties) = (delivered.DeliveryTag, delivered.BasicProperties);
            void End(DeliveryEnding ending, string? reason, ReadOnlyMemory<byte> body)
            {
                Interlocked.Decrement(ref _unended);
                if (!_endings.Writer.TryWrite(new Ended(tag, ending, reason, properties, body)))
                    subscription._counters.Add(Count.EndedLate);
            }

            // The bytes are the channel's and are gone after this call: only a refused one needs them later.
            var bytes = delivered.Body;
            if (subscription._hop.Kind == HopKind.Quorum && RabbitHeaders.DeliveriesOf(properties) >= Handling.DeliveriesMax)
            {
                var kept = bytes.ToArray();
                if (RabbitHeaders.TryRead(properties, kept, out var shown, out _))
                    subscription._handling.Show(shown, RabbitHeaders.SenderOf(properties), RabbitHeaders.TraceOf(properties));
                _ = RenewAsync(properties, kept, () => End(DeliveryEnding.Acked, null, default));
            }
            else if (RabbitHeaders.TryRead(properties, bytes, out var message, out var error))
            {
                ReadOnlyMemory<byte> kept = bytes.ToArray();
                subscription._handling.Receive(
                    message with { Bytes = kept },
                    RabbitHeaders.SenderOf(properties),
                    delivered.Redelivered || RabbitHeaders.IsRenewed(properties),
                    RabbitHeaders.TraceOf(properties),
                    (ending, reason) => End(ending, reason, kept));
            }
            else
            {
                var kept = bytes.ToArray();
                subscription._handling.Refuse(error, (ending, reason) => End(ending, reason, kept));
            }

            return Task.CompletedTask;
        }

        /// <summary>
        /// Puts a message on its queue anew, and only then has it gone here: a loss of the connection in between makes two of it, never none. As many at once as may
        /// be unended, and beside what else ends: a full queue has room again once that does.
        /// </summary>
        private async Task RenewAsync(IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, Action end)
        {
            try
            {
                while (!await subscription._transport.RenewAsync(subscription._hop, properties, body).ConfigureAwait(false))
                {
                    if (!channel.IsOpen)
                        return;
                }

                subscription._counters.Add(Count.Renewed);
                end();
            }
            catch (OperationCanceledException)
            {
                // The transport ends: it is delivered again.
            }
        }

        private async Task EndAsync(Ended ended)
        {
            switch (ended.Ending)
            {
                case DeliveryEnding.Returned:
                    await channel.BasicNackAsync(ended.Tag, multiple: false, requeue: true).ConfigureAwait(false);
                    break;
                case DeliveryEnding.Refused:
                    // It is safe with the dead letters before it is gone here; a loss of the connection in between makes two of it, never none.
                    await subscription._transport.BuryAsync(ended.Properties, ended.Body, ended.Reason!).ConfigureAwait(false);
                    await channel.BasicAckAsync(ended.Tag, multiple: false).ConfigureAwait(false);
                    break;
                default:
                    await channel.BasicAckAsync(ended.Tag, multiple: false).ConfigureAwait(false);
                    subscription._counters.Add(Count.Acked);
                    break;
            }
        }

        private Task LoseAsync()
        {
            // A consumer that was cancelled by us goes on ending what it holds.
            if (!Volatile.Read(ref _isCancelled) || !channel.IsOpen)
                _endings.Writer.TryComplete();
            return Task.CompletedTask;
        }
    }

    private readonly record struct Ended(ulong Tag, DeliveryEnding Ending, string? Reason, IReadOnlyBasicProperties Properties, ReadOnlyMemory<byte> Body);
}
