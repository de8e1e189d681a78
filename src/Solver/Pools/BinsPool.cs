using System.Collections.Immutable;
using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Pools;

/// <summary>
/// Bins of constant price, each with its own invariant y + price x and its own fee: T is the sum of the bins' sets, one linear edge per
/// bin and non-empty side, in the order of what they give per unit tendered.
/// </summary>
public sealed class BinsPool : RoutingPool
{
    private readonly LinearPieces[] legs = [];

    public BinsPool(
        ImmutableArray<int> tokens,
        ImmutableArray<PriceBin> bins,
        double fee,
        double feeOut = 0,
        ImmutableArray<double> maxTender = default,
        TokenFees? tokenFees = null)
        : base(tokens, fee, feeOut, maxTender, tokenFees)
    {
        Bins = bins;
        if (Defect(int.MaxValue) is not null)
            return;
        legs = [Leg(0), Leg(1)];
        KeepTerms();
    }

    /// <summary>The bins, in any order.</summary>
    public ImmutableArray<PriceBin> Bins { get; }

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

    /// <summary>The price of the bin that the trade ends in; before a trade, of the bin that buying token 0 would begin with, or else the highest that buys it.</summary>
    protected internal override double MarginalPrice(int of, int per, ReadOnlySpan<double> tender, ReadOnlySpan<double> receive)
    {
        int leg = tender[0] > 0 || legs[1].Count == 0 ? 0 : 1;
        double rate = legs[leg].RateAt(tender[leg]);
        return of == leg ? rate : 1 / rate;
    }

    protected internal override string? Defect(int tokenCount)
    {
        if (base.Defect(tokenCount) is { } defect)
            return defect;
        if (Tokens.Length != 2)
            return $"a pool of this kind trades 2 tokens, not {Tokens.Length}";
        if (Bins.IsDefault)
            return "bins is missing";
        foreach (PriceBin bin in Bins)
        {
            if (!(bin.Price > 0 && double.IsFinite(bin.Price)))
                return $"the price of a bin is {bin.Price}: it must be finite and positive";
            if (!(bin.X >= 0 && double.IsFinite(bin.X) && bin.Y >= 0 && double.IsFinite(bin.Y)))
                return $"a bin holds {bin.X} and {bin.Y}: both must be finite and not negative";
            if (!(bin.Fee >= 0 && bin.Fee < 1))
                return $"the fee of a bin is {bin.Fee}: it must be in [0, 1)";
        }

        return null;
    }

    private DoubleDouble GammaOf(PriceBin bin, int input)
    {
        var gamma = DoubleDouble.Sum(1, -bin.Fee);
        return TokenFees is null ? gamma : TokenFees.Kept(gamma, TokenFees.In, input);
    }

    private LinearPieces Leg(int input)
    {
        var pieces = new List<(DoubleDouble, DoubleDouble, double)>(Bins.Length);
        foreach (PriceBin bin in Bins)
        {
            double available = input == 0 ? bin.Y : bin.X;
            if (available > 0)
                pieces.Add((GammaOf(bin, input), input == 0 ? bin.Price : DoubleDouble.One / bin.Price, available));
        }

        return new(pieces, GammaOut(1 - input), Bound(input));
    }
}
