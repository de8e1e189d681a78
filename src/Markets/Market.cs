using System.Collections.Immutable;

namespace QTrade.Markets;

/// <summary>A market at one moment: its tokens and its pools, as <c>qtrade.market/1</c> holds them. Equal by value.</summary>
public sealed record Market
{
    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary>Where it comes from.</summary>
    public string? Source { get; init; }

    /// <summary>The chain's slot, where it has one.</summary>
    public long? Slot { get; init; }

    /// <summary>What amounts count.</summary>
    public AmountUnit Units { get; init; }

    /// <summary>Its tokens, ids unique.</summary>
    public required ImmutableArray<Token> Tokens { get; init; }

    /// <summary>Its pools, ids unique, tokens all among <see cref="Tokens"/>.</summary>
    public required ImmutableArray<Pool> Pools { get; init; }

    /// <summary>The discrete variant's limits, null where there are none.</summary>
    public MarketLimits? Limits { get; init; }

    /// <inheritdoc/>
    public bool Equals(Market? other) =>
        other is not null
        && Name == other.Name
        && Source == other.Source
        && Slot == other.Slot
        && Units == other.Units
        && StructuralEquality.Same(Tokens, other.Tokens)
        && StructuralEquality.Same(Pools, other.Pools)
        && Limits == other.Limits;

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Name, Slot, Units, StructuralEquality.Hash(Tokens), StructuralEquality.Hash(Pools));
}
