using System.Collections.Immutable;
using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Pools;

/// <summary>Constant sum rates . R with R >= 0: one linear edge per leg, f up to what empties the other reserve; arb = (nu_out g' - nu_in / gamma)+ cap.</summary>
public sealed class SumPool : RoutingPool
{
    private readonly LinearPieces[] legs = [];

    public SumPool(
        ImmutableArray<int> tokens,
        ImmutableArray<double> reserves,
        ImmutableArray<double> rates,
        double fee,
        double feeOut = 0,
        ImmutableArray<double> maxTender = default,
        TokenFees? tokenFees = null)
        : base(tokens, fee, feeOut, maxTender, tokenFees)
    {
        Reserves = reserves;
        Rates = rates;
        if (Defect(int.MaxValue) is not null)
            return;
        legs = [Leg(0), Leg(1)];
        KeepTerms();
    }

    /// <summary>R, one per token.</summary>
    public ImmutableArray<double> Reserves { get; }

    /// <summary>What one unit of each token counts for in the sum.</summary>
    public ImmutableArray<double> Rates { get; }

    public override bool IsPiecewise => true;

    protected internal override bool IsLinear => true;

    protected internal override int EdgeCount(int leg) => legs[leg].Count;

    protected internal override void Describe(int leg, Span<double> gamma, Span<double> cap, Span<double> scale) =>
        legs[leg].Describe(gamma, cap, scale);

    protected internal override void Evaluate(
        int leg, ReadOnlySpan<double> f, Span<double> output, Span<double> slope, Span<double> curvature, Span<int> cell) =>
        legs[leg].Evaluate(f, output, slope, curvature);

    internal override void DescribePieces(int leg, Span<double> kink, Span<double> tender, Span<double> received) =>
        legs[leg].DescribePieces(kink, tender, received);

    protected internal override double BestRate(int leg) => legs[leg].BestRate;

    protected internal override double Quote(int leg, double tender, out double marginal) => legs[leg].Quote(tender, out marginal);

    protected internal override double MostTender(int leg) => legs[leg].MostTender;

    protected internal override double MostReceived(int leg) => legs[leg].MostReceived;

    protected internal override DoubleDouble Receive(int leg, double tender) => legs[leg].Receive(tender);

    protected internal override DoubleDouble LegArbitrage(int leg, double priceIn, double priceOut) => legs[leg].Arbitrage(priceIn, priceOut);

    protected internal override double MarginalPrice(int of, int per, ReadOnlySpan<double> tender, ReadOnlySpan<double> receive) =>
        Rates[of] / Rates[per];

    protected internal override string? Defect(int tokenCount) =>
        base.Defect(tokenCount) ?? Check.Reserves(Reserves, 2, Tokens.Length) ?? Check.Numbers("rates", Rates, 2, zeroAllowed: false);

    private LinearPieces Leg(int input)
    {
        DoubleDouble rate = (DoubleDouble)Rates[input] / Rates[1 - input];
        return new([(Gamma(input), rate, Reserves[1 - input])], GammaOut(1 - input), Bound(input));
    }
}
