using QTrade.Broker;
using QTrade.Messages.Cluster;

namespace QTrade.Node.Cluster;

/// <summary>How a node is part of a cluster.</summary>
public sealed record ClusterLink
{
    /// <summary>Carries what nodes say to each other; ended by whoever opened it, after the node.</summary>
    public required ITransport Transport { get; init; }

    /// <summary>What this node does.</summary>
    public required NodeRoles Roles { get; init; }

    /// <summary>Grows with every start of the node.</summary>
    public required long Incarnation { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>Host and port of its admin port as others reach it; empty where they do not.</summary>
    public string AdminAddress { get; init; } = "";

    /// <summary>What its feed follows, in short; empty where that is not known.</summary>
    public string Feed { get; init; } = "";

    /// <summary>The node's name, unique in the cluster.</summary>
    public string Node => Transport.Node;
}
