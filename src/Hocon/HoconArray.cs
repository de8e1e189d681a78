using System.Collections.Immutable;

namespace QTrade.Hocon;

/// <summary>A list of values.</summary>
public sealed class HoconArray : HoconValue
{
    internal HoconArray(ImmutableArray<HoconValue> items, HoconOrigin origin)
        : base(origin) => Items = items;

    public ImmutableArray<HoconValue> Items { get; }

    public override string ToString() => $"[{string.Join(", ", Items)}]";
}
