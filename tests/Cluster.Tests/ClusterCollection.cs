namespace QTrade.Cluster.Tests;

/// <summary>Specs of one cluster, one after the other: they share two cores, and each waits for what the processes do.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<ClusterFixture>
{
    /// <summary>Its name.</summary>
    public const string Name = "cluster";
}
