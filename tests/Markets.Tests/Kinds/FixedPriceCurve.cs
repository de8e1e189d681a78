using System.Collections.Immutable;

namespace QTrade.Markets.Tests.Kinds;

/// <summary>The curve of <see cref="FixedPriceKind"/>.</summary>
internal sealed record FixedPriceCurve(double UnitsPerToken, double Stock) : PoolCurve
{
    public const string KindName = "sample-fixed-price";

    public override string Kind => KindName;

    public override ImmutableArray<double> State => [Stock];

    public override PoolCurve WithState(ImmutableArray<double> state)
    {
        RequireLength(state, 1);
        return this with { Stock = state[0] };
    }
}
