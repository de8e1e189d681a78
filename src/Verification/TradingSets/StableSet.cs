using QTrade.Verification.Arithmetic;

namespace QTrade.Verification.TradingSets;

/// <summary>
/// StableSwap (Egorov 2019, section 3) for two tokens, x = rate R: 4A(x + y) + D = 4AD + D^3/(4xy). The best trade is found where the
/// curve's slope meets the price ratio, by bisection on x; y(x) is the positive root of 4A y^2 + (4Ax + D - 4AD) y - D^3/(4x) = 0. An error
/// of 2^-k in x costs 2^-2k of the value.
/// </summary>
internal sealed class StableSet : ReserveSet
{
    private const int Bisections = 140;
    private const int MostNewtonSteps = 4000;

    private readonly double[] rates;
    private readonly Real fourA;
    private readonly Lazy<Real> invariant;

    public StableSet(TradingTerms terms, ReadOnlySpan<double> reserves, double amplification, ReadOnlySpan<double> rates)
        : base(terms, reserves)
    {
        this.rates = rates.ToArray();
        fourA = (Real)amplification * 4;
        invariant = new(() => InvariantOf((Real)Reserves[0] * this.rates[0], (Real)Reserves[1] * this.rates[1]));
    }

    public override Real Arbitrage(ReadOnlySpan<Real> prices) => Idle ? Real.Zero : OneWay.BestOf(Terms, prices, Best);

    protected override Real RelativeFall(ReadOnlySpan<Real> after) =>
        after[0].Sign <= 0 || after[1].Sign <= 0 ? Real.One : Real.One - InvariantOf(after[0] * rates[0], after[1] * rates[1]) / invariant.Value;

    private Real Best(OneWay trade)
    {
        Real rateIn = rates[trade.TokenIn], rateOut = rates[trade.TokenOut];
        Real x0 = rateIn * Reserves[trade.TokenIn], y0 = rateOut * Reserves[trade.TokenOut];
        Real Output(Real x) => (y0 - OtherSide(x)) / rateOut;
        // Both in value per scaled unit: trading on gains while valueOut * (-dy/dx) > priceIn.
        Real valueOut = trade.ValueOut / rateOut, priceIn = trade.PriceIn / rateIn;
        bool Gains(Real x, Real y) => valueOut * SlopeNumerator(x, y) > priceIn * SlopeNumerator(y, x);
        if (!Gains(x0, y0))
            return Real.Zero;
        if (trade.Bound is { } bound)
        {
            Real xBound = x0 + bound * rateIn;
            if (priceIn.IsZero || Gains(xBound, OtherSide(xBound)))
                return trade.Value(bound, Output(xBound));
        }
        else if (priceIn.IsZero)
        {
            return trade.ValueOut * Reserves[trade.TokenOut];
        }
        Real best = Meeting(x0, Gains);
        return Real.Max(Real.Zero, trade.Value((best - x0) / rateIn, Output(best)));
    }

    /// <summary>The x above x0 where trading on stops to gain.</summary>
    private Real Meeting(Real x0, Func<Real, Real, bool> gains)
    {
        Real low = x0, width = Real.TimesPowerOfTwo(x0, -60);
        Real high = low + width;
        while (gains(high, OtherSide(high)))
        {
            low = high;
            width = Real.TimesPowerOfTwo(width, 2);
            high = low + width;
        }
        for (int i = 0; i < Bisections; i++)
        {
            Real middle = Real.TimesPowerOfTwo(low + high, -1);
            if (gains(middle, OtherSide(middle)))
                low = middle;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>dF/dx = 4A + D^3/(4 x^2 y), times 4 x^2 y^2 so that both slopes of a quotient share the factor: y (16 A x^2 y + D^3).</summary>
    private Real SlopeNumerator(Real x, Real y)
    {
        Real d = invariant.Value;
        return y * (fourA * 4 * x * x * y + d * d * d);
    }

    private Real OtherSide(Real x)
    {
        Real d = invariant.Value;
        Real b = fourA * x + d - fourA * d;
        Real c = d * d * d / (x * 4);
        Real root = RealFunctions.Sqrt(b * b + fourA * c * 4);
        // The form without cancellation for either sign of b.
        return b.Sign >= 0 ? c * 2 / (b + root) : (root - b) / (fourA * 2);
    }

    /// <summary>
    /// D by Newton from above: the residual 4A(x + y) + D - 4AD - D^3/(4xy) is concave in D and not positive at D = x + y, so the steps come
    /// down to the root and never pass it.
    /// </summary>
    private Real InvariantOf(Real x, Real y)
    {
        Real sum = x + y, fourXy = x * y * 4;
        Real d = sum;
        for (int i = 0; i < MostNewtonSteps; i++)
        {
            Real cubic = d * d / fourXy;
            Real residual = fourA * (sum - d) + d - cubic * d;
            Real step = residual / (Real.One - fourA - cubic * 3);
            d -= step;
            if (Real.Abs(step) <= Real.TimesPowerOfTwo(d, 10 - Real.Precision))
                break;
        }
        return d;
    }
}
