using System.Collections.Immutable;

namespace QTrade.Hocon.Resolution;

/// <summary>What a value is at its top, with everything inside still as it was written; null stands for undefined.</summary>
internal abstract record Head(HoconOrigin Origin);

internal sealed record ScalarHead(string Text, HoconScalarKind Kind, HoconOrigin Origin) : Head(Origin);

/// <summary>A list of nodes, each with the array in which it was written.</summary>
internal sealed record ArrayHead(ImmutableArray<(Node Item, ArrayNode Owner)> Items, HoconOrigin Origin) : Head(Origin);

/// <summary>Objects that merge, the one that wins last.</summary>
internal sealed record ObjectHead(ImmutableArray<ObjectNode> Merged, HoconOrigin Origin) : Head(Origin);
