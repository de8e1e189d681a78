using System.Collections.Immutable;
using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Pools;

/// <summary>
/// Weighted geometric mean prod R^w (Martinelli, Mushegian, Balancer 2019). Two tokens: g(f) = Y (1 - (1 + f/X)^-r), r = w_in / w_out. More tokens: a hub whose
/// amount is the logarithm of the invariant, deposits g(f) = w log1p(f/R) and withdrawals g(f) = R (1 - e^(-f/w)); what leaves the hub
/// may not exceed what came in, which is the invariant itself.
/// </summary>
public sealed class WeightedPool : RoutingPool
{
    /// <summary>More than double-double arithmetic can be off by in comparing two worths; what is gained within it is next to nothing squared.</summary>
    private const double RoundingOfWorth = 1e-28;

    /// <summary>Part of the hub price that it may be off by where arb is taken: arb is off by its square, times what the pool holds.</summary>
    private const double EnoughOfLog = 1e-28;
    private const int MostCorrections = 4;

    private readonly bool empty;

    public WeightedPool(
        ImmutableArray<int> tokens,
        ImmutableArray<double> reserves,
        ImmutableArray<double> weights,
        double fee,
        double feeOut = 0,
        ImmutableArray<double> maxTender = default,
        TokenFees? tokenFees = null)
        : base(tokens, fee, feeOut, maxTender, tokenFees)
    {
        Reserves = reserves;
        Weights = weights;
        empty = !reserves.IsDefault && reserves.Contains(0.0);
        if (Defect(int.MaxValue) is null)
            KeepTerms();
    }

    /// <summary>R, one per token.</summary>
    public ImmutableArray<double> Reserves { get; }

    /// <summary>w, one per token; only their ratios matter.</summary>
    public ImmutableArray<double> Weights { get; }

    protected internal override bool HasHub => Tokens.Length > 2;

    protected internal override int LegCount => HasHub ? 2 * Tokens.Length : 2;

    private int Hub => Tokens.Length;

    protected internal override int LegInput(int leg) => !HasHub || IsDeposit(leg) ? leg : Hub;

    protected internal override int LegOutput(int leg) => !HasHub ? 1 - leg : IsDeposit(leg) ? Hub : leg - Hub;

    protected internal override int EdgeCount(int leg) => empty || (IsDeposit(leg) && !(Bound(leg) > 0)) ? 0 : 1;

    protected internal override void Describe(int leg, Span<double> gamma, Span<double> cap, Span<double> scale)
    {
        gamma[0] = IsDeposit(leg) ? Gamma(leg).Hi : 1;
        cap[0] = IsDeposit(leg) ? Gamma(leg).Hi * Bound(leg) : double.PositiveInfinity;
        scale[0] = !HasHub ? Reserves[leg] / Math.Max(1, Ratio(leg)) : IsDeposit(leg) ? Reserves[leg] : Weights[leg - Hub];
    }

    protected internal override void Evaluate(
        int leg, ReadOnlySpan<double> f, Span<double> output, Span<double> slope, Span<double> curvature, Span<int> cell)
    {
        if (!HasHub)
        {
            double x = Reserves[leg];
            double y = Reserves[1 - leg] * GammaOut(1 - leg).Hi;
            double r = Ratio(leg);
            double logGrowth = Elementary.Log1P(f[0] / x);
            double drop = Elementary.ExpM1(-r * logGrowth);
            output[0] = -y * drop;
            slope[0] = y * r / x * Elementary.Exp(-(r + 1) * logGrowth);
            curvature[0] = (r + 1) / (x + f[0]);
        }
        else if (IsDeposit(leg))
        {
            double x = Reserves[leg];
            double w = Weights[leg];
            output[0] = w * Elementary.Log1P(f[0] / x);
            slope[0] = w / (x + f[0]);
            curvature[0] = 1 / (x + f[0]);
        }
        else
        {
            double y = Reserves[leg - Hub] * GammaOut(leg - Hub).Hi;
            double w = Weights[leg - Hub];
            double drop = Elementary.ExpM1(-f[0] / w);
            output[0] = -y * drop;
            slope[0] = y / w * Elementary.Exp(-f[0] / w);
            curvature[0] = 1 / w;
        }
    }

    protected internal override bool HasConstantMean => !HasHub;

    protected internal override void DescribeMean(int leg, out double tenderScale, out double outputScale, out double ratio)
    {
        tenderScale = Reserves[leg] / Gamma(leg).Hi;
        outputScale = Reserves[1 - leg] * GammaOut(1 - leg).Hi;
        ratio = Ratio(leg);
    }

    private protected override LegTerms Terms(int leg)
    {
        if (HasHub)
            return base.Terms(leg);
        LegTerms terms;
        double x = Reserves[leg], y = Reserves[1 - leg] * GammaOut(1 - leg).Hi, r = Ratio(leg), bound = Bound(leg);
        terms.Best = empty || !(bound > 0) ? 0 : Gamma(leg).Hi * (y * r / x);
        terms.MostTender = bound;
        terms.MostReceived = y;
        terms.TenderScale = x / Gamma(leg).Hi;
        terms.OutputScale = y;
        terms.Ratio = r;
        terms.Form = r == 1 ? LegForm.Product : LegForm.Mean;
        return terms;
    }

    protected internal override double BestRate(int leg) =>
        IsDeposit(leg) ? Gamma(leg).Hi * (Weights[leg] / Reserves[leg]) : Reserves[leg - Hub] * GammaOut(leg - Hub).Hi / Weights[leg - Hub];

    protected internal override double Quote(int leg, double tender, out double marginal)
    {
        if (IsDeposit(leg))
        {
            double growth = Gamma(leg).Hi * tender / Reserves[leg], logGrowth = Elementary.Log1P(growth);
            if (HasHub)
            {
                marginal = Gamma(leg).Hi * (Weights[leg] / (Reserves[leg] * (1 + growth)));
                return Weights[leg] * logGrowth;
            }

            double y = Reserves[1 - leg] * GammaOut(1 - leg).Hi, r = Ratio(leg);
            marginal = Gamma(leg).Hi * (y * r / (Reserves[leg] * (1 + growth))) * Elementary.Exp(-r * logGrowth);
            return -y * Elementary.ExpM1(-r * logGrowth);
        }

        double part = tender / Weights[leg - Hub], most = Reserves[leg - Hub] * GammaOut(leg - Hub).Hi;
        marginal = most / Weights[leg - Hub] * Elementary.Exp(-part);
        return -most * Elementary.ExpM1(-part);
    }

    protected internal override double MostTender(int leg) => IsDeposit(leg) ? Bound(leg) : double.PositiveInfinity;

    protected internal override double MostReceived(int leg) =>
        !HasHub ? Reserves[1 - leg] * GammaOut(1 - leg).Hi : IsDeposit(leg) ? Weights[leg] : Reserves[leg - Hub] * GammaOut(leg - Hub).Hi;

    protected internal override DoubleDouble Receive(int leg, double tender)
    {
        if (!HasHub)
        {
            DoubleDouble logGrowth = DoubleDouble.Log1P(Gamma(leg) * tender / Reserves[leg]);
            return BelowReserve(-(GammaOut(1 - leg) * Reserves[1 - leg] * DoubleDouble.ExpM1(-(ExactRatio(leg) * logGrowth))), 1 - leg, Reserves[1 - leg]);
        }

        if (IsDeposit(leg))
            return DoubleDouble.Log1P(Gamma(leg) * tender / Reserves[leg]) * Weights[leg];
        int token = leg - Hub;
        return BelowReserve(-(GammaOut(token) * Reserves[token] * DoubleDouble.ExpM1(-((DoubleDouble)tender / Weights[token]))), token, Reserves[token]);
    }

    protected internal override DoubleDouble LegArbitrage(int leg, double priceIn, double priceOut)
    {
        DoubleDouble worth = GammaOut(1 - leg) * Reserves[1 - leg] * priceOut;
        if (priceIn == 0 && double.IsPositiveInfinity(Bound(leg)))
            return worth;

        // rho = gamma nu_out r Y / (nu_in X) = (1 + f/X)^(r + 1) at the optimum.
        DoubleDouble r = ExactRatio(leg);
        DoubleDouble cost = DoubleDouble.Product(priceIn, Reserves[leg]) / Gamma(leg);
        DoubleDouble bound = Gamma(leg) * Bound(leg) / Reserves[leg];
        DoubleDouble logGrowth;
        if (priceIn == 0)
        {
            logGrowth = DoubleDouble.Log1P(bound);
        }
        else
        {
            DoubleDouble excess = (worth * r - cost) / cost;
            if (!(excess.Hi > 0))
                return DoubleDouble.Zero;
            logGrowth = DoubleDouble.Log1P(excess) / (r + 1);
            if (double.IsFinite(Bound(leg)))
                logGrowth = DoubleDouble.Min(logGrowth, DoubleDouble.Log1P(bound));
        }

        return -(worth * DoubleDouble.ExpM1(-(r * logGrowth))) - cost * DoubleDouble.ExpM1(logGrowth);
    }

    protected internal override DoubleDouble Arbitrage(ReadOnlySpan<double> prices)
    {
        if (empty)
            return DoubleDouble.Zero;
        return HasHub ? HubArbitrage(prices) : base.Arbitrage(prices);
    }

    protected internal override double MarginalPrice(int of, int per, ReadOnlySpan<double> tender, ReadOnlySpan<double> receive) =>
        (Reserves[per] + tender[per] - receive[per]) / Weights[per] / ((Reserves[of] + tender[of] - receive[of]) / Weights[of]);

    protected internal override string? Defect(int tokenCount) =>
        base.Defect(tokenCount)
        ?? Check.Numbers("reserves", Reserves, Tokens.Length, zeroAllowed: true)
        ?? Check.Numbers("weights", Weights, Tokens.Length, zeroAllowed: false);

    private bool IsDeposit(int leg) => !HasHub || leg < Tokens.Length;

    private double Ratio(int leg) => Weights[leg] / Weights[1 - leg];

    private DoubleDouble ExactRatio(int leg) => (DoubleDouble)Weights[leg] / Weights[1 - leg];

    /// <summary>
    /// With m the logarithm of the hub's price, token j moves by log(R'/R) = m - a_j if that is positive (deposit, a_j = log(nu_j R_j / (gamma w_j)), at
    /// most log1p of its bound) or m - b_j if that is negative (withdrawal, b_j = log(nu_j R_j (1 - feeOut) / w_j) &lt;= a_j). The weighted sum of
    /// these moves rises with m piece by piece; arb is taken where it is 0.
    /// </summary>
    private DoubleDouble HubArbitrage(ReadOnlySpan<double> prices)
    {
        int k = Tokens.Length;
        Span<double> a = k <= 16 ? stackalloc double[k] : new double[k];
        Span<double> b = k <= 16 ? stackalloc double[k] : new double[k];
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        for (int j = 0; j < k; j++)
        {
            if (prices[j] == 0 && double.IsPositiveInfinity(Bound(j)))
                return FreeTokenArbitrage(prices);
            double middle = Elementary.Log(prices[j]) + Elementary.Log(Reserves[j]) - Elementary.Log(Weights[j]);
            a[j] = middle - Elementary.Log(Gamma(j).Hi);
            b[j] = middle + Elementary.Log(GammaOut(j).Hi);
            if (prices[j] > 0)
            {
                low = Math.Min(low, b[j] - 1);
                high = Math.Max(high, a[j] + 1);
            }
        }

        if (high < low || IsIdle(prices))
            return DoubleDouble.Zero;
        while (Imbalance(low, a, b) >= 0)
            low -= 2 * (1 + high - low);
        for (int j = 0; j < k; j++)
        {
            Narrow(a[j], a, b, ref low, ref high);
            Narrow(b[j], a, b, ref low, ref high);
            Narrow(a[j] + LogGrowth(j), a, b, ref low, ref high);
        }

        // No kink is left between: the balance is on a straight line.
        double under = Imbalance(low, a, b), over = Imbalance(high, a, b);
        if (over > under && over > 0)
            low += (high - low) * (-under / (over - under));
        return HubValueNear(low, prices);
    }

    /// <summary>Whether some price of the hub leaves every token alone: what a withdrawal is worth is nowhere above what a deposit costs.</summary>
    private bool IsIdle(ReadOnlySpan<double> prices)
    {
        DoubleDouble gain = DoubleDouble.Zero, cost = double.PositiveInfinity;
        for (int j = 0; j < prices.Length; j++)
        {
            DoubleDouble worth = DoubleDouble.Product(prices[j], Reserves[j]) / Weights[j];
            gain = DoubleDouble.Max(gain, worth * GammaOut(j));
            if (Bound(j) > 0)
                cost = DoubleDouble.Min(cost, worth / Gamma(j));
        }

        return !(gain > cost + cost * RoundingOfWorth);
    }

    private void Narrow(double kink, ReadOnlySpan<double> a, ReadOnlySpan<double> b, ref double low, ref double high)
    {
        if (!(kink > low && kink < high))
            return;
        if (Imbalance(kink, a, b) < 0)
            low = kink;
        else
            high = kink;
    }

    private double LogGrowth(int j) => double.IsFinite(Bound(j)) ? Elementary.Log1P(Gamma(j).Hi * Bound(j) / Reserves[j]) : double.PositiveInfinity;

    private double Imbalance(double m, ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
        {
            if (m > a[j])
                sum += Weights[j] * Math.Min(m - a[j], LogGrowth(j));
            else if (m < b[j])
                sum += Weights[j] * (m - b[j]);
        }

        return sum;
    }

    /// <summary>
    /// The dual value at the hub price next to e^<paramref name="log"/> at which the moves balance. It bounds arb at every hub price, so what is left
    /// of the imbalance costs only its square.
    /// </summary>
    private DoubleDouble HubValueNear(double log, ReadOnlySpan<double> prices)
    {
        // Moves are to be best at the very price that they are valued at: 1e-16 between the two would count squared, times all that the pool holds.
        double near = Elementary.Exp(log);
        DoubleDouble logNear = double.IsNormal(near) ? DoubleDouble.Log(near) : log, correction = DoubleDouble.Zero, least = double.PositiveInfinity;

        // Where a token begins or ceases to move on the way, what is left of the imbalance is no rounding, and one more correction is due.
        for (int round = 0; round <= MostCorrections; round++)
        {
            least = DoubleDouble.Min(least, HubValue(near, logNear, correction, prices, out DoubleDouble balance, out double slope));
            DoubleDouble step = slope > 0 ? -(balance / slope) : DoubleDouble.Zero;
            if (!(Math.Abs(step.Hi) > EnoughOfLog))
                break;
            correction += step;
        }

        return DoubleDouble.Max(least, DoubleDouble.Zero);
    }

    /// <summary>The dual value at the hub price that is e^<paramref name="correction"/> of the one near it; the imbalance there, and how fast it changes.</summary>
    private DoubleDouble HubValue(double near, DoubleDouble logNear, DoubleDouble correction, ReadOnlySpan<double> prices, out DoubleDouble balance, out double slope)
    {
        DoubleDouble m = correction + logNear, hubPrice = (DoubleDouble.ExpM1(correction) + 1) * near, value = DoubleDouble.Zero;
        (balance, slope) = (DoubleDouble.Zero, 0);
        for (int j = 0; j < prices.Length; j++)
        {
            DoubleDouble move = Move(m, prices[j], j, out bool free);
            DoubleDouble change = DoubleDouble.ExpM1(move) * Reserves[j] * prices[j];
            value += hubPrice * move * Weights[j] - (move.Hi > 0 ? change / Gamma(j) : change * GammaOut(j));
            balance += move * Weights[j];
            slope += free ? Weights[j] : 0;
        }

        return value;
    }

    /// <summary>log(R'/R) of token j at hub price e^m.</summary>
    private DoubleDouble Move(DoubleDouble m, double price, int j, out bool free)
    {
        free = false;
        DoubleDouble most = double.IsFinite(Bound(j)) ? DoubleDouble.Log1P(Gamma(j) * Bound(j) / Reserves[j]) : double.PositiveInfinity;
        if (price == 0)
            return most;
        DoubleDouble worth = (DoubleDouble)Weights[j] / price / Reserves[j];
        DoubleDouble deposit = m + DoubleDouble.Log(worth * Gamma(j));
        if (deposit.Hi > 0)
        {
            free = deposit < most;
            return DoubleDouble.Min(deposit, most);
        }

        DoubleDouble withdrawal = m + DoubleDouble.Log(worth / GammaOut(j));
        free = withdrawal.Hi < 0;
        return free ? withdrawal : DoubleDouble.Zero;
    }

    /// <summary>A token that is free and unbounded buys all of everything else.</summary>
    private DoubleDouble FreeTokenArbitrage(ReadOnlySpan<double> prices)
    {
        DoubleDouble all = DoubleDouble.Zero;
        for (int j = 0; j < Tokens.Length; j++)
            all += GammaOut(j) * Reserves[j] * prices[j];
        return all;
    }
}
