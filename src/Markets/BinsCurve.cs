using System.Collections.Immutable;

namespace QTrade.Markets;

/// <summary>Liquidity in bins of one price each: those above the active one hold token 0 only, those below token 1 only.</summary>
/// <param name="Bins">The bins, at least one, by ascending price.</param>
public sealed record BinsCurve(ImmutableArray<Bin> Bins) : PoolCurve
{
    /// <summary>Its name in market files.</summary>
    public const string KindName = "bins";

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override ImmutableArray<double> State
    {
        get
        {
            var state = ImmutableArray.CreateBuilder<double>(2 * Bins.Length);
            foreach (var bin in Bins)
            {
                state.Add(bin.X);
                state.Add(bin.Y);
            }

            return state.MoveToImmutable();
        }
    }

    /// <inheritdoc/>
    public override PoolCurve WithState(ImmutableArray<double> state)
    {
        RequireLength(state, 2 * Bins.Length);
        var bins = ImmutableArray.CreateBuilder<Bin>(Bins.Length);
        for (var i = 0; i < Bins.Length; i++)
            bins.Add(Bins[i] with { X = state[2 * i], Y = state[2 * i + 1] });
        return new BinsCurve(bins.MoveToImmutable());
    }

    /// <inheritdoc/>
    public bool Equals(BinsCurve? other) => other is not null && StructuralEquality.Same(Bins, other.Bins);

    /// <inheritdoc/>
    public override int GetHashCode() => StructuralEquality.Hash(Bins);
}
