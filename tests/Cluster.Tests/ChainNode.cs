using Microsoft.Extensions.Logging.Abstractions;
using QTrade.Actors.Scheduling;
using QTrade.Broker.RabbitMq;
using QTrade.Messages.Cluster;
using QTrade.Node;
using QTrade.Node.Cluster;
using QTrade.Node.Configuration;
using QTrade.Node.Journal.Postgres;

namespace QTrade.Cluster.Tests;

/// <summary>The node that the chain lives in. No run kills it: it lives in this process, so that what it showed is known.</summary>
internal sealed class ChainNode : IAsyncDisposable
{
    private readonly PostgresJournal _journal;
    private readonly TradingNode _node;

    public ChainNode(ClusterServers servers, int seed)
    {
        var options = new PostgresJournalOptions { Connection = servers.Postgres.Connection, Password = servers.Postgres.Password };
        if (!PostgresJournal.TryOpen(options, TimeProvider.System, null, out PostgresJournal? journal, out string? refusal))
            throw new InvalidOperationException(refusal);
        _journal = journal;
        Transport = new ChainTransport(new RabbitTransport(
            new RabbitTransportOptions { Broker = servers.Rabbit.Uri, Cluster = new ClusterOptions().Name, Node = "chain" }, TimeProvider.System, static _ => { }));
        _node = TradingNode.Start(new TradingNodeSetup
        {
            Options = new NodeOptions { Simulation = new Node.Configuration.SimulationOptions { Rate = 400, Seed = (ulong)seed } },
            Market = ClusterMarket.Market,
            Cluster = new ClusterLink { Transport = Transport, Roles = NodeRoles.Feed, Incarnation = 1, Version = "0" },
            Scheduler = new ThreadPoolScheduler(TimeProvider.System),
            Journal = journal,
            Log = NullLogger.Instance,
        });
    }

    public ChainTransport Transport { get; }

    public async ValueTask DisposeAsync()
    {
        await _node.StopAsync();
        _node.Dispose();
        await Transport.DisposeAsync();
        await _journal.DisposeAsync();
    }
}
