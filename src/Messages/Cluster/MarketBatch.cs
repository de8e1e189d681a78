using System.Collections.Immutable;
using QTrade.Messages.Wire;

namespace QTrade.Messages.Cluster;

/// <summary>Durable changes of the market as one node publishes them, the newest of each pool, token and configuration. Whoever misses a number asks for everything.</summary>
/// <param name="Node">The node.</param>
/// <param name="Incarnation">Of the node.</param>
/// <param name="Number">Grows by one with every batch of an incarnation.</param>
/// <param name="IsWhole">With it the node begins to tell everything that it publishes, here and in the batches that follow, so that what was missed before it does not matter.</param>
/// <param name="Changes">Market changes and slots, each in its wire form.</param>
public sealed record MarketBatch(string Node, long Incarnation, long Number, bool IsWhole, ImmutableArray<EncodedMessage> Changes) : IClusterMessage
{
    public bool Equals(MarketBatch? other) =>
        other is not null && Node == other.Node && Incarnation == other.Incarnation && Number == other.Number && IsWhole == other.IsWhole
        && Changes.Length == other.Changes.Length && Changes.Zip(other.Changes).All(pair => Same(pair.First, pair.Second));

    public override int GetHashCode() => HashCode.Combine(Node, Incarnation, Number);

    private static bool Same(in EncodedMessage one, in EncodedMessage other) =>
        one.Manifest == other.Manifest && one.Version == other.Version && one.Bytes.Span.SequenceEqual(other.Bytes.Span);
}
