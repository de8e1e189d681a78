using System.Collections.Immutable;
using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Pools;

/// <summary>
/// StableSwap for two tokens (Egorov 2019, section 3) with x = rate R: 4A(x + y) + D = 4AD + D^3/(4xy). The curve is flat, then breaks off within a
/// narrow range, so a leg is cut into capped pieces at knots between which its slope does not fall too far; that changes nothing
/// but the way there, since a list of pieces of falling price fills in order.
/// </summary>
public sealed class StablePool : RoutingPool
{
    private readonly StableLeg[] legs = [];

    public StablePool(
        ImmutableArray<int> tokens,
        ImmutableArray<double> reserves,
        double amplification,
        ImmutableArray<double> rates,
        double fee,
        double feeOut = 0,
        ImmutableArray<double> maxTender = default,
        TokenFees? tokenFees = null)
        : base(tokens, fee, feeOut, maxTender, tokenFees)
    {
        Reserves = reserves;
        Amplification = amplification;
        Rates = rates;
        if (Defect(int.MaxValue) is not null)
            return;
        if (reserves[0] > 0 && reserves[1] > 0)
            legs = [Leg(0), Leg(1)];
        KeepTerms();
    }

    /// <summary>R, one per token.</summary>
    public ImmutableArray<double> Reserves { get; }

    /// <summary>A.</summary>
    public double Amplification { get; }

    /// <summary>What one unit of each token counts for in the invariant.</summary>
    public ImmutableArray<double> Rates { get; }

    public override bool IsPiecewise => true;

    protected internal override bool IsSmooth => true;

    protected internal override int EdgeCount(int leg) => legs.Length == 0 ? 0 : legs[leg].Knots.Length - 1;

    protected internal override void Describe(int leg, Span<double> gamma, Span<double> cap, Span<double> scale)
    {
        double[] knots = legs[leg].Knots;
        for (int e = 0; e < knots.Length - 1; e++)
        {
            gamma[e] = Gamma(leg).Hi;
            cap[e] = (knots[e + 1] - knots[e]) / Rates[leg];
            scale[e] = double.IsFinite(cap[e]) ? cap[e] : (Reserves[leg] * Rates[leg] + knots[e]) / Rates[leg];
        }
    }

    protected internal override void Evaluate(
        int leg, ReadOnlySpan<double> f, Span<double> output, Span<double> slope, Span<double> curvature, Span<int> cell)
    {
        StableLeg curve = legs[leg];
        double rateIn = Rates[leg];
        double perOut = GammaOut(1 - leg).Hi / Rates[1 - leg];
        for (int e = 0; e < f.Length; e++)
        {
            curve.Evaluate(e, f[e] * rateIn, out double scaledOutput, out double scaledSlope, out double scaledCurvature);
            output[e] = scaledOutput * perOut;
            slope[e] = scaledSlope * rateIn * perOut;
            curvature[e] = scaledCurvature * rateIn;
        }
    }

    protected internal override bool AnswersToPrices => true;

    protected internal override void Answer(int leg, double excess, ref int cell, out double tender, out double received, out double rise)
    {
        cell = legs[leg].Answer(excess, cell, out double input, out double output, out double outputRise);
        double perOut = GammaOut(1 - leg).Hi / Rates[1 - leg];
        tender = input / (Rates[leg] * Gamma(leg).Hi);
        received = output * perOut;
        rise = outputRise * perOut;
    }

    protected internal override double BestRate(int leg) => Gamma(leg).Hi * (legs[leg].Slope(0) * Rates[leg] * (GammaOut(1 - leg).Hi / Rates[1 - leg]));

    protected internal override double Quote(int leg, double tender, out double marginal)
    {
        double perOut = GammaOut(1 - leg).Hi / Rates[1 - leg];
        double output = legs[leg].Output(Gamma(leg).Hi * tender * Rates[leg], out double slope);
        marginal = Gamma(leg).Hi * (slope * Rates[leg] * perOut);
        return output * perOut;
    }

    protected internal override double MostTender(int leg) => Bound(leg);

    protected internal override double MostReceived(int leg) => Reserves[1 - leg] * GammaOut(1 - leg).Hi;

    protected internal override DoubleDouble Receive(int leg, double tender) =>
        BelowReserve(legs[leg].ExactOutput(Gamma(leg) * tender * Rates[leg]) * GammaOut(1 - leg) / Rates[1 - leg], 1 - leg, Reserves[1 - leg]);

    protected internal override DoubleDouble LegArbitrage(int leg, double priceIn, double priceOut) =>
        legs[leg].Arbitrage(priceIn / (Gamma(leg) * Rates[leg]), GammaOut(1 - leg) * priceOut / Rates[1 - leg]);

    protected internal override double MarginalPrice(int of, int per, ReadOnlySpan<double> tender, ReadOnlySpan<double> receive)
    {
        double x = (Reserves[of] + tender[of] - receive[of]) * Rates[of];
        double y = (Reserves[per] + tender[per] - receive[per]) * Rates[per];
        return StableLeg.SlopeAt(x, y, Amplification) * Rates[of] / Rates[per];
    }

    protected internal override string? Defect(int tokenCount)
    {
        string? defect = base.Defect(tokenCount) ?? Check.Reserves(Reserves, 2, Tokens.Length) ?? Check.Numbers("rates", Rates, 2, zeroAllowed: false);
        if (defect is null && !(Amplification > 0 && double.IsFinite(Amplification)))
            defect = $"amplification is {Amplification}: it must be finite and positive";
        return defect;
    }

    private StableLeg Leg(int input) => new(
        DoubleDouble.Product(Reserves[input], Rates[input]),
        DoubleDouble.Product(Reserves[1 - input], Rates[1 - input]),
        Amplification,
        (Gamma(input) * Bound(input) * Rates[input]).Hi);
}
