namespace QTrade.Cluster.Tests;

/// <summary>One cluster of three nodes for all specs that leave it whole: starting it takes longer than most of what strikes it.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    /// <summary>Of the chain, and of the moments at which faults strike.</summary>
    internal const int Seed = 1;

    private readonly Lazy<FaultCluster> _cluster = new(static () => new FaultCluster(nodes: 3, Seed));

    /// <summary>Started when the first spec asks for it.</summary>
    internal FaultCluster Cluster => _cluster.Value;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_cluster.IsValueCreated) await _cluster.Value.DisposeAsync();
    }
}
