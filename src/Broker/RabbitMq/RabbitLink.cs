using System.Net.Sockets;
using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace QTrade.Broker.RabbitMq;

/// <summary>One connection with a channel that confirms and one that declares; good until any of them ends.</summary>
internal sealed class RabbitLink : IAsyncDisposable
{
    private static readonly CreateChannelOptions Confirming = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    /// <summary>How long closing is waited for where the broker may not answer.</summary>
    public static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    private readonly IConnection _connection;
    private readonly IChannel _declaring;
    private readonly RabbitNames _names;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly HashSet<Hop> _declared = [];
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RabbitLink(IConnection connection, IChannel publisher, IChannel declaring, RabbitNames names)
    {
        (_connection, Publisher, _declaring, _names) = (connection, publisher, declaring, names);
        connection.ConnectionShutdownAsync += (_, end) => Lose(end.ReplyText);
        publisher.ChannelShutdownAsync += (_, end) => Lose(end.ReplyText);
        declaring.ChannelShutdownAsync += (_, end) => Lose(end.ReplyText);
        if (!connection.IsOpen || !publisher.IsOpen || !declaring.IsOpen)
            _lost.TrySetResult("it ended at once");
    }

    /// <summary>Publishes with confirmations.</summary>
    public IChannel Publisher { get; }

    /// <summary>Ends, with the reason, when the connection or one of its two channels has.</summary>
    public Task<string> Lost => _lost.Task;

    public static async Task<RabbitLink> ConnectAsync(RabbitTransportOptions options, RabbitNames names, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory
        {
            Uri = options.Broker,
            ClientProvidedName = $"{options.Cluster}/{options.Node}",
            RequestedHeartbeat = options.Heartbeat,
            RequestedConnectionTimeout = options.ConnectTimeout,
            SocketReadTimeout = options.ConnectTimeout,
            SocketWriteTimeout = options.ConnectTimeout,
            ContinuationTimeout = options.ConnectTimeout,
            HandshakeContinuationTimeout = options.ConnectTimeout,
            // Its own recovery knows no back-off, and not what this transport republishes.
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
        };
        var connection = await factory.CreateConnectionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var publisher = await connection.CreateChannelAsync(Confirming, cancellationToken).ConfigureAwait(false);
            var declaring = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            return new RabbitLink(connection, publisher, declaring, names);
        }
        catch
        {
            await AbortAsync(connection).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// What brokers and networks do to a connection, as opposed to mistakes in here. The client's own queue of what it sends closes a moment before the
    /// client says that the connection did.
    /// </summary>
    public static bool IsOfBroker(Exception fault) => fault is RabbitMQClientException or IOException or SocketException or TimeoutException
        or ObjectDisposedException or OperationCanceledException or ChannelClosedException;

    /// <summary>Has a hop declared, once on each connection: a broker that lost it has it again. A worker's is declared by the worker.</summary>
    public async Task DeclareAsync(Hop hop, CancellationToken cancellationToken)
    {
        lock (_declared)
        {
            if (hop.Kind == HopKind.Worker || _declared.Contains(hop))
                return;
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _names.DeclareAsync(_declaring, hop, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }

        lock (_declared)
            _declared.Add(hop);
    }

    /// <summary>It may be gone from the broker: somebody deleted it. Whoever uses it next has it declared again.</summary>
    public void Forget(Hop hop)
    {
        lock (_declared)
            _declared.Remove(hop);
    }

    public Task<IChannel> OpenChannelAsync(CancellationToken cancellationToken) => _connection.CreateChannelAsync(cancellationToken: cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await AbortAsync(_connection).ConfigureAwait(false);
        _lost.TrySetResult("closed");
        _turn.Dispose();
    }

    private static async Task AbortAsync(IConnection connection)
    {
        try
        {
            await connection.AbortAsync(CloseTimeout).WaitAsync(CloseTimeout * 2).ConfigureAwait(false);
            await connection.DisposeAsync().AsTask().WaitAsync(CloseTimeout).ConfigureAwait(false);
        }
        catch (Exception fault) when (IsOfBroker(fault))
        {
            // It was ended already.
        }
    }

    private Task Lose(string reason)
    {
        _lost.TrySetResult(reason);
        return Task.CompletedTask;
    }
}
