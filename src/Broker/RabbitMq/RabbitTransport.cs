using QTrade.Actors;
using QTrade.Messages.Wire;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using static QTrade.Broker.TransportCounters;

namespace QTrade.Broker.RabbitMq;

/// <summary>
/// A node's transport over RabbitMQ. One connection at a time; when it is lost another is made after a bounded back-off, what is used is declared
/// anew, subscriptions go on and what was not confirmed is published again, so that losing the broker costs time and repetitions.
/// </summary>
public sealed class RabbitTransport : ITransport
{
    private readonly TimeProvider _time;
    private readonly Action<string> _changed;
    private readonly TransportCounters _counters;
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationToken _over;
    private readonly SemaphoreSlim _unconfirmed;
    private readonly Lock _gate = new();
    private readonly List<RabbitSubscription> _subscriptions = [];
    private readonly Task _running;
    private TaskCompletionSource<RabbitLink> _link = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="options">Where the broker is.</param>
    /// <param name="time">Measures waits.</param>
    /// <param name="changed">Is told in one line when the connection is lost or stands again; quick, never throws.</param>
    /// <exception cref="ArgumentException">A name of cluster or node that cannot be one.</exception>
    public RabbitTransport(RabbitTransportOptions options, TimeProvider time, Action<string> changed)
    {
        if (!Hop.IsName(options.Node, RabbitTransportOptions.NameLengthMax))
            throw new ArgumentException($"'{options.Node}' is no name of a node: letters, digits, '.', '-' and '_', at most {RabbitTransportOptions.NameLengthMax}", nameof(options));
        (Options, _time, _changed, _over) = (options, time, changed, _ended.Token);
        Names = new RabbitNames(options.Cluster);
        _counters = new TransportCounters(options.Describe());
        _unconfirmed = new SemaphoreSlim(options.UnconfirmedMax, options.UnconfirmedMax);
        _running = Task.Run(() => RunAsync(_over));
    }

    public string Node => Options.Node;

    public TransportStatus Status => _counters.Now(Current is { Lost.IsCompleted: false });

    internal RabbitTransportOptions Options { get; }

    internal RabbitNames Names { get; }

    private RabbitLink? Current
    {
        get
        {
            var link = Volatile.Read(ref _link).Task;
#pragma warning disable RS0030 // It has ended, so that nothing waits.
            return link.IsCompletedSuccessfully ? link.Result : null;
#pragma warning restore RS0030
        }
    }

    public async Task<PublishEnding> PublishAsync(
        Hop to, EncodedMessage message, TraceContext? trace = null, CancellationToken cancellationToken = default)
    {
        var properties = RabbitHeaders.Of(message, Node, trace, to.IsDurable);
        return _counters.Ended(await PublishAsync(to, properties, message.Bytes, cancellationToken).ConfigureAwait(false));
    }

    public async Task<ISubscription> SubscribeAsync(
        Hop from, int unendedMax, Action<Delivery> handle, CancellationToken cancellationToken = default)
    {
        Hop.ThrowIfDead(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(unendedMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(unendedMax, ushort.MaxValue);
        RabbitSubscription subscription;
        lock (_gate)
        {
            if (_over.IsCancellationRequested)
                throw new OperationCanceledException("the transport has ended");
            subscription = new RabbitSubscription(this, from, unendedMax, new Handling(_counters, handle), _counters, _over);
            _subscriptions.Add(subscription);
        }

        try
        {
            await subscription.Subscribed.WaitAsync(cancellationToken).ConfigureAwait(false);
            return subscription;
        }
        catch
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        RabbitSubscription[] subscriptions;
        lock (_gate)
        {
            if (_over.IsCancellationRequested)
                return;
            subscriptions = [.. _subscriptions];
        }

        foreach (var subscription in subscriptions)
            await subscription.DisposeAsync().ConfigureAwait(false);
        await _ended.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _ended.Dispose();
    }

    /// <summary>The connection that stands, or the next one.</summary>
    internal async Task<RabbitLink> LinkAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var link = await Volatile.Read(ref _link).Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!link.Lost.IsCompleted)
                return link;
            // The loop that made it is about to see that it is lost.
            await Task.Delay(Options.BackoffMin, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    internal Task DelayAsync(TimeSpan time, CancellationToken cancellationToken) => Task.Delay(time, _time, cancellationToken);

    internal Backoff NewBackoff() => new(Options.BackoffMin, Options.BackoffMax, _time, string.GetHashCode(Options.Node, StringComparison.Ordinal));

    /// <summary>Puts a message to the dead letters.</summary>
    /// <exception cref="IOException">The broker did not take it: it is delivered again.</exception>
    internal async Task BuryAsync(IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, string reason)
    {
        var ending = await PublishAsync(Hop.Dead, RabbitHeaders.Dead(properties, reason), body, _over).ConfigureAwait(false);
        if (ending != PublishEnding.Confirmed)
            throw new IOException($"the dead letters took no letter: {ending}");
    }

    /// <summary>Puts a message that was delivered on its hop once more.</summary>
    /// <returns>Whether the broker has it; where it has not, after a pause.</returns>
    internal async Task<bool> RenewAsync(Hop hop, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body)
    {
        if (await PublishAsync(hop, RabbitHeaders.Renewed(properties), body, _over).ConfigureAwait(false) == PublishEnding.Confirmed)
            return true;
        await DelayAsync(Options.BackoffMin, _over).ConfigureAwait(false);
        return false;
    }

    internal void Forget(RabbitSubscription subscription)
    {
        lock (_gate)
            _subscriptions.Remove(subscription);
    }

    /// <summary>Keeps one connection up.</summary>
    private async Task RunAsync(CancellationToken ended)
    {
        var wait = NewBackoff();
        var told = false;
        while (!ended.IsCancellationRequested)
        {
            try
            {
                var link = await RabbitLink.ConnectAsync(Options, Names, ended).ConfigureAwait(false);
                await using (link.ConfigureAwait(false))
                {
                    _counters.Add(Count.Connects);
                    if (told)
                        _changed($"broker: connected to {Options.Describe()} again");
                    told = false;
                    wait.Succeeded();
                    _link.TrySetResult(link);
                    var reason = await link.Lost.WaitAsync(ended).ConfigureAwait(false);
                    Tell($"the connection to {Options.Describe()} is lost ({reason})");
                }
            }
            catch (Exception fault) when (RabbitLink.IsOfBroker(fault))
            {
                if (!ended.IsCancellationRequested)
                    Tell($"{Options.Describe()} is not reached ({Describe(fault)})");
            }

            if (_link.Task.IsCompleted)
                Volatile.Write(ref _link, new TaskCompletionSource<RabbitLink>(TaskCreationOptions.RunContinuationsAsynchronously));
            await wait.WaitAsync(ended).ConfigureAwait(false);
        }

        _link.TrySetCanceled(CancellationToken.None);

        void Tell(string line)
        {
            _counters.Fault(line);
            if (!told)
                _changed($"broker: {line}; trying again");
            told = true;
        }
    }

    /// <summary>The innermost reason, in one line; a broker's answer never repeats the credentials.</summary>
    private static string Describe(Exception fault) =>
        (fault is BrokerUnreachableException { InnerException: { } inner } ? inner.Message : fault.Message).ReplaceLineEndings(" ");

    private async Task<PublishEnding> PublishAsync(
        Hop to, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        _over.ThrowIfCancellationRequested();
        using var patience = new CancellationTokenSource(Options.PublishPatience, _time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _over, cancellationToken);
        try
        {
            if (!_unconfirmed.Wait(0, CancellationToken.None))
            {
                _counters.Add(Count.Waits);
                await _unconfirmed.WaitAsync(any.Token).ConfigureAwait(false);
            }

            try
            {
                return await RepublishAsync(to, properties, body, any.Token).ConfigureAwait(false);
            }
            finally
            {
                _unconfirmed.Release();
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !_over.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return PublishEnding.Unknown;
        }
    }

    /// <summary>Publishes on one connection after the other until one confirms or refuses.</summary>
    private async Task<PublishEnding> RepublishAsync(
        Hop to, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var (exchange, routingKey) = Names.Address(to);
        while (true)
        {
            var link = await LinkAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await link.DeclareAsync(to, cancellationToken).ConfigureAwait(false);
                await ConfirmAsync(link, link.Publisher.BasicPublishAsync(exchange, routingKey, mandatory: !to.IsFanOut, properties, body, cancellationToken)).ConfigureAwait(false);
                return PublishEnding.Confirmed;
            }
            catch (PublishException refused) when (refused.IsReturn && to.Kind == HopKind.Worker)
            {
                return PublishEnding.NoReceiver;
            }
            catch (PublishException refused) when (refused.IsReturn)
            {
                link.Forget(to);
                await Task.Delay(Options.BackoffMin, _time, cancellationToken).ConfigureAwait(false);
            }
            catch (PublishException) when (!link.Lost.IsCompleted && link.Publisher.IsOpen)
            {
                return PublishEnding.Full;
            }
            catch (Exception fault) when (RabbitLink.IsOfBroker(fault) && !cancellationToken.IsCancellationRequested)
            {
                _counters.Add(Count.Republished);
                // The channel is closed a moment before it is told to be.
                await Task.WhenAny(link.Lost, Task.Delay(Options.BackoffMin, _time, cancellationToken)).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Waits for the confirmation, and no longer once nothing can bring it any more.</summary>
    private static async Task ConfirmAsync(RabbitLink link, ValueTask publishing)
    {
        var published = publishing.AsTask();
        if (await Task.WhenAny(published, link.Lost).ConfigureAwait(false) != published)
        {
            // Whatever it still comes to is nobody's concern.
            _ = published.ContinueWith(static late => late.Exception, TaskScheduler.Default);
            throw new IOException("the connection ended before the confirmation came");
        }

        await published.ConfigureAwait(false);
    }
}
