using System.Collections.Immutable;
using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Pools;

/// <summary>
/// Concentrated liquidity (Adams et al., Uniswap v3, 2021): inside an interval [lo, hi] of constant L, x = L(1/sqrt p - 1/sqrt hi) and
/// y = L(sqrt p - sqrt lo). A leg is a walk away from the price; each stretch without an empty interval and without a steep
/// fall of liquidity is one edge, its slope continuous, its curvature changing from interval to interval.
/// </summary>
public sealed class ConcentratedPool : RoutingPool
{
    /// <summary>
    /// More than the roundings of doubles can put an output off, some thirty of them, and what output and input are worth together; the square of what they can put the best price off; what a value may be off by them.
    /// </summary>
    private const double OutputRounding = 6e-15;
    private const double TurnoverRounding = 1.2e-14;
    private const double PriceRoundingSquare = 1e-28;
    private const double LargestRounding = 3e-11;

    private readonly ConcentratedWalk[] legs = [];

    public ConcentratedPool(
        ImmutableArray<int> tokens,
        double price,
        ImmutableArray<double> ticks,
        ImmutableArray<double> liquidity,
        double fee,
        double feeOut = 0,
        ImmutableArray<double> maxTender = default,
        TokenFees? tokenFees = null)
        : base(tokens, fee, feeOut, maxTender, tokenFees)
    {
        Price = price;
        Ticks = ticks;
        Liquidity = liquidity;
        if (Defect(int.MaxValue) is not null)
            return;
        legs = [new(this, down: true, Gamma(0) * Bound(0)), new(this, down: false, Gamma(1) * Bound(1))];
        KeepTerms();
    }

    /// <summary>p, token 1 per token 0.</summary>
    public double Price { get; }

    /// <summary>Bounds of the intervals, ascending.</summary>
    public ImmutableArray<double> Ticks { get; }

    /// <summary>L, one per interval, 0 allowed.</summary>
    public ImmutableArray<double> Liquidity { get; }

    public override bool IsPiecewise => true;

    protected internal override int EdgeCount(int leg) => legs[leg].RunCount;

    protected internal override void Describe(int leg, Span<double> gamma, Span<double> cap, Span<double> scale)
    {
        gamma[..legs[leg].RunCount].Fill(Gamma(leg).Hi);
        legs[leg].Describe(cap, scale);
    }

    protected internal override void Evaluate(
        int leg, ReadOnlySpan<double> f, Span<double> output, Span<double> slope, Span<double> curvature, Span<int> cell)
    {
        for (int run = 0; run < f.Length; run++)
        {
            cell[run] = legs[leg].Evaluate(run, f[run], cell[run], out output[run], out slope[run], out curvature[run]);
            output[run] *= GammaOut(1 - leg).Hi;
            slope[run] *= GammaOut(1 - leg).Hi;
        }
    }

    protected internal override bool AnswersToPrices => true;

    protected internal override void Answer(int leg, double excess, ref int cell, out double tender, out double received, out double rise)
    {
        cell = legs[leg].Answer(excess, cell, out double input, out double output, out double outputRise);
        tender = input / Gamma(leg).Hi;
        received = output * GammaOut(1 - leg).Hi;
        rise = outputRise * GammaOut(1 - leg).Hi;
    }

    internal override void AnswerToGain(int leg, double gain, ref int cell, out double tender, out double received, out double rise)
    {
        cell = legs[leg].AnswerToGrowth(Elementary.RootM1(gain), cell, out double input, out double output, out double outputRise);
        tender = input / Gamma(leg).Hi;
        received = output * GammaOut(1 - leg).Hi;
        rise = outputRise * GammaOut(1 - leg).Hi;
    }

    internal override double ReceiveAtLeast(int leg, double tender, ref int cell)
    {
        double received = legs[leg].OutputNear(Gamma(leg).Hi * tender, ref cell) * GammaOut(1 - leg).Hi;
        return double.IsNormal(received) ? received * (1 - OutputRounding) : base.ReceiveAtLeast(leg, tender, ref cell);
    }

    /// <summary>A trade on the curve that is next to the best one falls short of that in second order.</summary>
    internal override double ArbitrageAtMost(int leg, double priceIn, double priceOut, double tender, double received)
    {
        double gained = priceOut * received, value = gained - (priceIn * tender);
        double rounding = (TurnoverRounding * gained) + (priceOut * (legs[leg].MostRise * GammaOut(1 - leg).Hi) * PriceRoundingSquare);
        return rounding <= LargestRounding * value ? value + rounding : base.ArbitrageAtMost(leg, priceIn, priceOut, tender, received);
    }

    private protected override LegTerms Terms(int leg)
    {
        LegTerms terms = default;
        terms.Best = legs[leg].RunCount > 0 ? Gamma(leg).Hi * (legs[leg].FirstSlope * GammaOut(1 - leg).Hi) : 0;
        terms.MostTender = MostTender(leg);
        terms.MostReceived = MostReceived(leg);
        terms.Form = LegForm.Curve;
        return terms;
    }

    protected internal override double Quote(int leg, double tender, out double marginal)
    {
        double output = legs[leg].Output(Gamma(leg).Hi * tender, out double slope);
        marginal = Gamma(leg).Hi * (slope * GammaOut(1 - leg).Hi);
        return output * GammaOut(1 - leg).Hi;
    }

    protected internal override double MostTender(int leg) => Math.Min(Bound(leg), legs[leg].MostInput / Gamma(leg).Hi);

    protected internal override double MostReceived(int leg) => legs[leg].MostOutput * GammaOut(1 - leg).Hi;

    protected internal override DoubleDouble Receive(int leg, double tender) => legs[leg].ExactOutput(Gamma(leg) * tender) * GammaOut(1 - leg);

    protected internal override DoubleDouble LegArbitrage(int leg, double priceIn, double priceOut) =>
        legs[leg].Arbitrage(priceIn / Gamma(leg), GammaOut(1 - leg) * priceOut);

    protected internal override double MarginalPrice(int of, int per, ReadOnlySpan<double> tender, ReadOnlySpan<double> receive)
    {
        double price = Price;
        if (tender[0] > 0)
            price = 1 / legs[0].SquareAfter(tender[0] * Gamma(0).Hi);
        else if (tender[1] > 0)
            price = legs[1].SquareAfter(tender[1] * Gamma(1).Hi);
        return of == 0 ? price : 1 / price;
    }

    protected internal override string? Defect(int tokenCount)
    {
        if (base.Defect(tokenCount) is { } defect)
            return defect;
        if (Tokens.Length != 2)
            return $"a pool of this kind trades 2 tokens, not {Tokens.Length}";
        if (!(Price > 0 && double.IsFinite(Price)))
            return $"price is {Price}: it must be finite and positive";
        if (Ticks.IsDefault || Ticks.Length < 2)
            return "ticks needs at least two prices";
        for (int k = 0; k < Ticks.Length; k++)
        {
            if (!(Ticks[k] > 0 && double.IsFinite(Ticks[k]) && (k == 0 || Ticks[k] > Ticks[k - 1])))
                return $"ticks holds {Ticks[k]}: the prices must be finite, positive and ascending";
        }

        return Check.Numbers("liquidity", Liquidity, Ticks.Length - 1, zeroAllowed: true);
    }
}
