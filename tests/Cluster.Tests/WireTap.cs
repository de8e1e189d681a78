using System.Collections.Immutable;
using System.Text;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Messages.Wire;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace QTrade.Cluster.Tests;

/// <summary>Reads on the wire which nodes hand snapshots out and publish solutions in which epoch: the broker copies all that is published.</summary>
internal sealed class WireTap : IAsyncDisposable
{
    // What is published straight to a queue.
    private const string Published = "publish.";

    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, ImmutableSortedSet<string>> _routers = [];
    private readonly IConnection _connection;

    private WireTap(IConnection connection) => _connection = connection;

    /// <summary>Who spoke as the router in each epoch.</summary>
    public ImmutableSortedDictionary<long, ImmutableSortedSet<string>> Routers
    {
        get
        {
            lock (_gate) return _routers.ToImmutableSortedDictionary();
        }
    }

    /// <summary>Which epochs more than one node spoke in; empty where none.</summary>
    public static string Twice(ImmutableSortedDictionary<long, ImmutableSortedSet<string>> routers) => string.Join(
        "; ", routers.Where(epoch => epoch.Value.Count > 1).Select(epoch => $"in epoch {epoch.Key} the routers were {string.Join(" and ", epoch.Value)}"));

    public static async Task<WireTap> OpenAsync(Uri broker)
    {
        // It connects again by itself, with all that it declared.
        var factory = new ConnectionFactory { Uri = broker, NetworkRecoveryInterval = TimeSpan.FromMilliseconds(200) };
        IConnection connection = await factory.CreateConnectionAsync();
        var tap = new WireTap(connection);
        IChannel channel = await connection.CreateChannelAsync();
        QueueDeclareOk queue = await channel.QueueDeclareAsync();
        await channel.QueueBindAsync(queue.QueueName, "amq.rabbitmq.trace", Published);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, copied) =>
        {
            tap.Hear(copied.BasicProperties.Headers!, copied.Body);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer);
        return tap;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private void Hear(IDictionary<string, object?> copied, ReadOnlyMemory<byte> body)
    {
        if (copied["properties"] is not IDictionary<string, object?> properties
            || !properties.TryGetValue("type", out object? type) || !properties.TryGetValue("headers", out object? more)
            || type is not byte[] manifest || more is not IDictionary<string, object?> headers || headers["sender"] is not byte[] sender || headers["version"] is not int version)
            return;
        if (!MessageCodec.TryDecode(Encoding.UTF8.GetString(manifest), version, body.Span, out IMessage? message, out _)) return;
        long? epoch = message switch
        {
            OfferSnapshot offer => offer.SnapshotId.Epoch,
            ExecuteSolution solution => solution.Epoch,
            _ => null,
        };
        if (epoch is not { } said) return;
        lock (_gate)
            _routers[said] = _routers.GetValueOrDefault(said, []).Add(Encoding.UTF8.GetString(sender));
    }
}
