using QTrade.Shared.Broker;
using QTrade.Shared.Journal;

namespace QTrade.Cluster.Tests;

/// <summary>A broker and a database of our own.</summary>
internal sealed class ClusterServers : IDisposable
{
    public ClusterServers()
    {
        Postgres = PostgresServerProcess.Start();
        try
        {
            Rabbit = RabbitServerProcess.StartTracing();
        }
        catch
        {
            Postgres.Dispose();
            throw;
        }
    }

    public PostgresServerProcess Postgres { get; }

    public RabbitServerProcess Rabbit { get; }

    /// <summary>How a node reaches both.</summary>
    public NodeAddresses Addresses => new(Rabbit.Uri, Postgres.Connection, Postgres.Password, Postgres.Folder);

    public void Dispose()
    {
        Rabbit.Dispose();
        Postgres.Dispose();
    }
}
