using QTrade.Markets;
using QTrade.Markets.Venues;

namespace QTrade.Feed.Tests.Endpoint;

/// <summary>Two reserves, product; it is not quoted.</summary>
public sealed record PairState(ulong X, ulong Y) : VenueState
{
    public override double Price => (double)Y / X;

    protected override bool HasSoundNumbers => true;

    protected override (double Fee, double FeeOut) CurveFees => (0.003, 0);

    public override VenueState After(in VenueFill fill) => this;

    public override PoolCurve ToCurve() => new ProductCurve([X, Y]);

    protected override VenueRefusal SwapIn(bool zeroForOne, ulong amountIn, ref VenueFill fill) => VenueRefusal.Disabled;

    protected override VenueRefusal SwapOut(bool zeroForOne, ulong amountOut, ref VenueFill fill) => VenueRefusal.Disabled;
}
