using System.Globalization;
using QTrade.Broker.RabbitMq;
using QTrade.Shared.Broker;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace QTrade.Broker.Tests;

/// <summary>One RabbitMQ server for the whole run, started when the first spec asks for it.</summary>
public sealed class RabbitFixture : IDisposable
{
    private readonly Lazy<RabbitServerProcess> _server = new(() => RabbitServerProcess.Start());
    private int _clusters;

    public RabbitServerProcess Server => _server.Value;

    public string NewCluster() => string.Create(CultureInfo.InvariantCulture, $"spec-{Interlocked.Increment(ref _clusters)}");

    public RabbitTransportOptions Options(string cluster, string node, int? port = null) => new()
    {
        Broker = RabbitServerProcess.UriAt(port ?? Server.Port),
        Cluster = cluster,
        Node = node,
        BackoffMin = TimeSpan.FromMilliseconds(20),
        BackoffMax = TimeSpan.FromMilliseconds(200),
        // A server may take longer than that to come back on a busy machine.
        PublishPatience = TimeSpan.FromMinutes(5),
    };

    /// <summary>How many messages wait in a cluster's dead letters.</summary>
    public async Task<long> CountDeadAsync(string cluster)
    {
        await using IConnection connection = await new ConnectionFactory { Uri = Server.Uri }.CreateConnectionAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        try
        {
            return await channel.MessageCountAsync($"{cluster}.dead");
        }
        catch (OperationInterruptedException missing) when (missing.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return 0;
        }
    }

    public void Dispose()
    {
        if (_server.IsValueCreated) _server.Value.Dispose();
    }
}
