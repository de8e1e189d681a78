using System.Collections.Immutable;
using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Pools;

/// <summary>
/// Constant product x y (Angeris, Kao, Chiang, Noyes, Chitra, arXiv 1911.03380): g(f) = Y f / (X + f) with X = R_in, Y = R_out, one uncapped edge per leg.
/// At the optimum X + f = X sqrt(rho), rho = gamma nu_out Y / (nu_in X), so arb = nu_in X / gamma (sqrt(rho) - 1)^2.
/// </summary>
public sealed class ProductPool : RoutingPool
{
    public ProductPool(
        ImmutableArray<int> tokens,
        ImmutableArray<double> reserves,
        double fee,
        double feeOut = 0,
        ImmutableArray<double> maxTender = default,
        TokenFees? tokenFees = null)
        : base(tokens, fee, feeOut, maxTender, tokenFees)
    {
        Reserves = reserves;
        if (Defect(int.MaxValue) is null)
            KeepTerms();
    }

    /// <summary>R, one per token.</summary>
    public ImmutableArray<double> Reserves { get; }

    protected internal override int EdgeCount(int leg) => Reserves[0] > 0 && Reserves[1] > 0 && Bound(leg) > 0 ? 1 : 0;

    protected internal override void Describe(int leg, Span<double> gamma, Span<double> cap, Span<double> scale)
    {
        gamma[0] = Gamma(leg).Hi;
        cap[0] = Gamma(leg).Hi * Bound(leg);
        scale[0] = Reserves[leg];
    }

    protected internal override void Evaluate(
        int leg, ReadOnlySpan<double> f, Span<double> output, Span<double> slope, Span<double> curvature, Span<int> cell)
    {
        double x = Reserves[leg];
        double y = Reserves[1 - leg] * GammaOut(1 - leg).Hi;
        double after = x + f[0];
        double perAfter = y / after;
        output[0] = perAfter * f[0];
        slope[0] = perAfter * (x / after);
        curvature[0] = 2 / after;
    }

    protected internal override bool HasConstantMean => true;

    protected internal override void DescribeMean(int leg, out double tenderScale, out double outputScale, out double ratio)
    {
        tenderScale = Reserves[leg] / Gamma(leg).Hi;
        outputScale = Reserves[1 - leg] * GammaOut(1 - leg).Hi;
        ratio = 1;
    }

    private protected override LegTerms Terms(int leg)
    {
        LegTerms terms;
        double x = Reserves[leg], y = Reserves[1 - leg] * GammaOut(1 - leg).Hi, bound = Bound(leg);
        terms.Best = Reserves[0] > 0 && Reserves[1] > 0 && bound > 0 ? Gamma(leg).Hi * (y / x) : 0;
        terms.MostTender = bound;
        terms.MostReceived = y;
        terms.TenderScale = x / Gamma(leg).Hi;
        terms.OutputScale = y;
        terms.Ratio = 1;
        terms.Form = LegForm.Product;
        return terms;
    }

    protected internal override double Quote(int leg, double tender, out double marginal)
    {
        double f = Gamma(leg).Hi * tender;
        double after = Reserves[leg] + f;
        double perAfter = Reserves[1 - leg] * GammaOut(1 - leg).Hi / after;
        marginal = Gamma(leg).Hi * perAfter * (Reserves[leg] / after);
        return perAfter * f;
    }

    protected internal override double MostTender(int leg) => Bound(leg);

    protected internal override double MostReceived(int leg) => Reserves[1 - leg] * GammaOut(1 - leg).Hi;

    protected internal override DoubleDouble Receive(int leg, double tender)
    {
        DoubleDouble f = Gamma(leg) * tender;
        return BelowReserve(GammaOut(1 - leg) * Reserves[1 - leg] * (f / (f + Reserves[leg])), 1 - leg, Reserves[1 - leg]);
    }

    protected internal override DoubleDouble LegArbitrage(int leg, double priceIn, double priceOut)
    {
        DoubleDouble worth = GammaOut(1 - leg) * Reserves[1 - leg] * priceOut;
        if (priceIn == 0)
            return double.IsPositiveInfinity(Bound(leg)) ? worth : Value(Gamma(leg) * Bound(leg));

        DoubleDouble cost = DoubleDouble.Product(priceIn, Reserves[leg]) / Gamma(leg);
        DoubleDouble excess = (worth - cost) / cost;
        if (!(excess.Hi > 0))
            return DoubleDouble.Zero;
        DoubleDouble growth = excess / (DoubleDouble.Sqrt(excess + 1) + 1);
        if (growth.Hi * Reserves[leg] > Gamma(leg).Hi * Bound(leg))
            return Value(Gamma(leg) * Bound(leg));
        return cost * growth * growth;

        DoubleDouble Value(DoubleDouble f) => f * (worth / (f + Reserves[leg]) - priceIn / Gamma(leg));
    }

    protected internal override double MarginalPrice(int of, int per, ReadOnlySpan<double> tender, ReadOnlySpan<double> receive) =>
        (Reserves[per] + tender[per] - receive[per]) / (Reserves[of] + tender[of] - receive[of]);

    protected internal override string? Defect(int tokenCount) => base.Defect(tokenCount) ?? Check.Reserves(Reserves, 2, Tokens.Length);
}
