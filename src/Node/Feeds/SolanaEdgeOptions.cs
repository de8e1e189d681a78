using System.Collections.Immutable;
using QTrade.Solana;
using QTrade.Solana.Rpc;

namespace QTrade.Node.Feeds;

/// <summary>What a feed reaches out to.</summary>
public sealed record SolanaEdgeOptions
{
    /// <summary>Endpoints, the preferred first.</summary>
    public required ImmutableArray<RpcEndpoint> Endpoints { get; init; }

    /// <summary>Bounds of requests and frames.</summary>
    public RpcOptions Rpc { get; init; } = new();

    /// <summary>Searches for pools.</summary>
    public ImmutableArray<ProgramQuery> Queries { get; init; } = [];

    /// <summary>Pools that are followed in any case.</summary>
    public ImmutableArray<Address> Pools { get; init; } = [];
}
