using System.Runtime.Intrinsics;
using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Newton;

/// <summary>What pools give for a tender, and what they are worth at prices.</summary>
internal sealed partial class PricedPools
{
    /// <summary>
    /// Whether <see cref="Received"/> is the quote of <see cref="Tender"/> to the last digits: a smoothed tender is a difference, and a walk through
    /// intervals loses the digits of a small step behind a large one.
    /// </summary>
    public bool IsQuoted(int p) => p < meanEnd && Smoothing == 0 && Rise[p] != 0;

    /// <summary>
    /// Takes from <paramref name="first"/> on, while pools are quoted as they were evaluated, their tenders and that part of what they receive, neither where one of them is nothing; answers where it ended.
    /// </summary>
    public int TakeQuoted(int first, int end, double[] tender, double[] received, double part)
    {
        int p = first, means = bounded || Smoothing > 0 ? first : Math.Min(meanEnd, end);
        for (; p <= means - Lane; p += Lane)
        {
            Vector256<double> given = At(Tender, p), taken = At(Received, p) * Vector256.Create(part);
            Vector256<double> trades = Vector256.GreaterThan(given, Vector256<double>.Zero) & Vector256.GreaterThan(taken, Vector256<double>.Zero)
                & Vector256.LessThan(taken, Vector256.Create(double.PositiveInfinity));
            if ((trades & Vector256.Equals(At(Rise, p), Vector256<double>.Zero)) != Vector256<double>.Zero)
                return p;
            (given & trades).CopyTo(tender, p);
            (taken & trades).CopyTo(received, p);
        }

        return p;
    }

    /// <summary>What the pool's trading leg gives for a tender, at most 1e-15 of it above the exact output.</summary>
    public double Quote(int p, double tender)
    {
        if (p >= meanEnd)
            return Math.Max(0, pools[poolOf[p]].ReceiveAtLeast(Leg[p], tender, ref Side(Leg[p]).Cell[p]));
        PoolSide side = Side(Leg[p]);
        double growth = tender / side.TenderScale[p];
        return IsEven(side, p)
            ? side.OutputScale[p] * (growth / (1 + growth))
            : -side.OutputScale[p] * Elementary.ExpM1(-side.Ratio[p] * Elementary.Log1P(growth));
    }

    /// <summary>What the pool's trading leg gives for a tender, rounded down from the exact output.</summary>
    public double ExactQuote(int p, double tender) => Math.Max(0, pools[poolOf[p]].Receive(Leg[p], tender).RoundedDown());

    /// <summary>Whether the pool trades on a smooth curve, as was found where its second node's z is so much above its first one's.</summary>
    public bool TradesSmoothlyAt(int p, double gap) => p >= meanEnd && p < curveEnd && Leg[p] >= 0 && difference[p] == gap && Smoothing == 0 && pools[poolOf[p]].IsSmooth;

    public double MostTender(int p) => MostOf(Side(Leg[p]), p);

    private double MostOf(PoolSide side, int p) => p < meanEnd && !bounded ? double.PositiveInfinity : side.Most[p];

    /// <summary>
    /// Best value of the trading leg at the prices that its excess was found at, without cancellation; for pools of constant mean
    /// nu_in X / gamma w_o u [m E(w_i u) + E(w_i u) - E(w_o u)], m = expm1(w_o u), E(x) = expm1(x) / x. Of other curves as <see cref="RoutingPool.ArbitrageAtMost"/> tells it, never below the exact value.
    /// </summary>
    public DoubleDouble Arbitrage(int p, double priceIn, double priceOut)
    {
        PoolSide side = Side(Leg[p]);
        if (Tender[p] >= MostOf(side, p) || p >= curveEnd)
            return pools[poolOf[p]].LegArbitrage(Leg[p], priceIn, priceOut);
        return p < meanEnd
            ? MeanArbitrage(side, p, Excess[p], Tender[p] / side.TenderScale[p], priceIn * side.TenderScale[p])
            : pools[poolOf[p]].ArbitrageAtMost(Leg[p], priceIn, priceOut, Tender[p], Received[p]);
    }

    /// <summary>The same for any pool that takes part whole, where the second node's z is above the first one's by <paramref name="gap"/>, whatever it was found to do; and what it would tender is worth where the value is not exact.</summary>
    public DoubleDouble ArbitrageAt(int p, double gap, double priceFrom, double priceTo, out double excess, out double tendered)
    {
        double forth = gap + forthSide.Offset[p], back = backSide.Offset[p] - gap;
        int leg = forth >= back ? 0 : 1;
        excess = leg == 0 ? forth : back;
        tendered = 0;
        if (p >= meanEnd && (forth > -NearKink && back > -NearKink))
            return ExactArbitrage(p, priceFrom, priceTo);
        if (!(excess > (p < meanEnd ? 0 : -NearKink)))
            return DoubleDouble.Zero;
        if (p >= meanEnd && p < curveEnd && leg == Leg[p] && gap == difference[p] && Smoothing == 0)
            return leg == 0 ? Arbitrage(p, priceFrom, priceTo) : Arbitrage(p, priceTo, priceFrom);
        if (p >= meanEnd)
            return leg == 0 ? pools[poolOf[p]].LegArbitrage(0, priceFrom, priceTo) : pools[poolOf[p]].LegArbitrage(1, priceTo, priceFrom);
        PoolSide side = Side(leg);
        double m = Elementary.ExpM1((p < productEnd ? 0.5 : side.Inverse[p]) * excess), cost = (leg == 0 ? priceFrom : priceTo) * side.TenderScale[p];
        if (side.TenderScale[p] * m >= MostOf(side, p))
            return ExactArbitrage(p, priceFrom, priceTo);
        tendered = cost * m;
        return MeanArbitrage(side, p, excess, m, cost);
    }

    private DoubleDouble ExactArbitrage(int p, double priceFrom, double priceTo)
    {
        RoutingPool pool = pools[poolOf[p]];
        return pool.LegArbitrage(0, priceFrom, priceTo) + pool.LegArbitrage(1, priceTo, priceFrom);
    }

    private double MeanArbitrage(PoolSide side, int p, double u, double m, double cost)
    {
        if (IsEven(side, p))
            return cost * m * m;
        double a = side.Inverse[p] * u, b = side.Ratio[p] * a;
        return u < 0.05
            ? cost * a * (m * (1 + Beyond(b)) + (Beyond(b) - Beyond(a)))
            : cost * (((1 + m) * Elementary.ExpM1(b) / side.Ratio[p]) - m);
    }

    /// <summary>expm1(x) / x - 1 for small x.</summary>
    private static double Beyond(double x) =>
        x * (0.5 + x * (1.0 / 6 + x * (1.0 / 24 + x * (1.0 / 120 + x * (1.0 / 720 + x * (1.0 / 5040 + x * (1.0 / 40320)))))));
}
