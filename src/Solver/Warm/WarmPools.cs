using QTrade.Solver.Arithmetic;
using QTrade.Solver.Newton;

namespace QTrade.Solver.Warm;

/// <summary>
/// The pools of a problem as functions of the prices of their two tokens, each kept with what it does at the prices of the moment. Nothing that is remembered but the pool's own numbers
/// changes a bit: the same prices give the same ones whatever came before. A leg trades where d = best nu_out - nu_in is positive; d comes from one fused multiply-add and keeps its digits where the
/// two all but cancel, so a product needs neither logarithm nor exponential and no value of a pool of constant mean is a difference.
/// </summary>
internal sealed class WarmPools
{
    /// <summary>More than a quote in doubles can be above the exact one.</summary>
    public const double QuoteError = 2e-15;

    /// <summary>What the roundings of a pool's value can cost relative to it, and those of its best price per value turned over.</summary>
    public const double ValueRounding = 4e-14;
    public const double TurnoverRounding = 4e-15;

    /// <summary>More than the roundings of a pool's best price and of one fused multiply-add can put its excess off: a pool so near its kink may be worth its weight times that squared.</summary>
    public const double KinkRounding = 1e-15;

    /// <summary>Part of what a leg can give at most below which a trade is none.</summary>
    private const double Dust = 1e-32;

    private RoutingPool[] pools = [];
    private WarmPool[] cells = [];

    public int Count { get; private set; }

    public ref WarmPool this[int p] => ref cells[p];

    public void Begin(int count)
    {
        Count = count;
        if (pools.Length >= count)
            return;
        pools = new RoutingPool[count];
        cells = new WarmPool[count];
    }

    /// <summary>Whether these numbers are a pool's.</summary>
    public bool Holds(int p, RoutingPool pool) => pools[p] == pool;

    /// <summary>Takes a pool's numbers; false where it is of a kind that does not answer to prices.</summary>
    public bool TryTake(int p, RoutingPool pool, bool firstUsable, bool secondUsable)
    {
        pools[p] = pool;
        ref WarmPool taken = ref cells[p];
        taken.First = pool.Tokens[0];
        taken.Second = pool.Tokens[1];
        taken.IsFirstUsable = firstUsable;
        taken.IsSecondUsable = secondUsable;
        taken.Shape = WarmShape.Closed;
        taken.Cell = -1;
        taken.Forth = taken.Back = default;
        taken.BestForth = taken.BestBack = 0;

        // What it did with other numbers, and was quoted, is not asked for again.
        taken.Leg = -1;
        taken.Tender = taken.Received = taken.FlowFirst = taken.FlowSecond = taken.Quoted = 0;
        if (pool.LegCount != 2)
        {
            for (int leg = 0; leg < pool.LegCount; leg++)
            {
                if (pool.EdgeCount(leg) > 0)
                    return false;
            }

            return true;
        }

        if (!TryTake(pool, 0, ref taken.Forth) || !TryTake(pool, 1, ref taken.Back))
            return false;
        (taken.BestForth, taken.BestBack) = (firstUsable ? taken.Forth.Best : 0, secondUsable ? taken.Back.Best : 0);
        if (firstUsable && secondUsable && taken.Forth.Best * taken.Back.Best > 1 + 1e-12)
            return false;
        if (taken.Forth.Best > 0 || taken.Back.Best > 0)
            taken.Shape = pool.HasConstantMean ? ShapeOfMean(in taken.Forth, in taken.Back) : WarmShape.Curve;
        return true;
    }

    private static WarmShape ShapeOfMean(in WarmLeg forth, in WarmLeg back) =>
        IsOf(1, 1, in forth, in back) ? WarmShape.Product
        : IsOf(4, 0.25, in forth, in back) || IsOf(0.25, 4, in forth, in back) ? WarmShape.FourToOne
        : WarmShape.Mean;

    /// <summary>Whether the legs that give anything have these ratios.</summary>
    private static bool IsOf(double ratioForth, double ratioBack, in WarmLeg forth, in WarmLeg back) =>
        (forth.Ratio == ratioForth || !(forth.Best > 0)) && (back.Ratio == ratioBack || !(back.Best > 0));

    private static bool TryTake(RoutingPool pool, int leg, ref WarmLeg taken)
    {
        LegTerms terms = pool.TermsOf(leg);
        taken.Best = terms.Best;
        if (!(terms.Best > 0))
            return true;
        if (!double.IsFinite(terms.Best) || !pool.AnswersToPrices)
            return false;
        taken.Most = terms.MostTender;
        taken.Dust = Dust * terms.MostReceived;
        if (pool.HasConstantMean)
        {
            (taken.TenderScale, taken.OutputScale, taken.Ratio) = (terms.TenderScale, terms.OutputScale, terms.Ratio);
            taken.Inverse = 1 / (1 + taken.Ratio);
            taken.Kink = taken.OutputScale * taken.Ratio * taken.Inverse;
            taken.Best = taken.OutputScale * taken.Ratio / taken.TenderScale;
        }
        else
        {
            int at = -1;
            pool.Answer(leg, 0, ref at, out _, out _, out taken.Kink);
        }

        return true;
    }

    /// <summary>Finds what the pool does at prices of its tokens. False where a leg that takes no part in answers would gain: a token left out is priced wrongly.</summary>
    public bool Evaluate(int p, double first, double second)
    {
        ref WarmPool pool = ref cells[p];
        double value = 0;
        if (pool.Shape != WarmShape.Closed)
        {
            double forth = Math.FusedMultiplyAdd(pool.Forth.Best, second, -first);
            if (forth > 0)
                return pool.IsFirstUsable && Trade(p, ref pool, 0, ref pool.Forth, forth, first, second);
            double back = Math.FusedMultiplyAdd(pool.Back.Best, first, -second);
            if (back > 0)
                return pool.IsSecondUsable && Trade(p, ref pool, 1, ref pool.Back, back, second, first);
            value = ValueOfKink(p, 0, in pool.Forth, forth, first, second) + ValueOfKink(p, 1, in pool.Back, back, second, first);
        }

        pool.Leg = -1;
        pool.Tender = pool.Received = pool.FlowFirst = pool.FlowSecond = pool.Quoted = 0;
        pool.Value = value;
        pool.Weight = Latent(in pool, first, second);
        return true;
    }

    /// <summary>An upper bound on arb at the prices that the pool was evaluated at. It costs as much as the evaluation or more, and steps do not ask for it: it is found when it is asked for first.</summary>
    public double Value(int p, double first, double second)
    {
        ref WarmPool pool = ref cells[p];
        if (double.IsNaN(pool.Value))
            pool.Value = pool.Leg == 0 ? Appraise(p, in pool, in pool.Forth, first, second) : Appraise(p, in pool, in pool.Back, second, first);
        return pool.Value;
    }

    /// <summary>From here on, until it is evaluated again, the pool does nothing and is worth no finite sum: no bound comes of these prices.</summary>
    public void Misprice(int p)
    {
        ref WarmPool pool = ref cells[p];
        pool.Leg = -1;
        pool.Tender = pool.Received = pool.FlowFirst = pool.FlowSecond = pool.Quoted = pool.Weight = 0;
        pool.Value = double.PositiveInfinity;
    }

    /// <summary>The weight of an idle pool at its tokens' prices.</summary>
    public static double Latent(in WarmPool pool, double first, double second) =>
        pool.IsUsable && pool.Shape != WarmShape.Closed ? PricedPools.LatentPart * Math.Min(second * pool.Forth.Kink, first * pool.Back.Kink) : 0;

    /// <summary>u of a leg at its tokens' prices, log(best nu_out / nu_in).</summary>
    public static double Excess(in WarmLeg leg, double priceIn, double priceOut) => Elementary.Log1P(Math.FusedMultiplyAdd(leg.Best, priceOut, -priceIn) / priceIn);

    /// <summary>What a leg gives for a tender, not above the exact output and no dust.</summary>
    public double Quote(int p, int leg, double tender)
    {
        if (!(tender > 0))
            return 0;
        ref WarmPool pool = ref cells[p];
        ref WarmLeg quoted = ref leg == 0 ? ref pool.Forth : ref pool.Back;
        return NoDust(leg == pool.Leg && tender == pool.Tender ? QuoteOfTender(p, ref pool, in quoted) : QuoteWithDust(p, ref pool, in quoted, leg, tender), in quoted);
    }

    private static double NoDust(double received, in WarmLeg quoted) => received >= quoted.Dust ? received : 0;

    private double QuoteOfTender(int p, ref WarmPool pool, in WarmLeg quoted)
    {
        if (double.IsNaN(pool.Quoted))
            pool.Quoted = QuoteWithDust(p, ref pool, in quoted, pool.Leg, pool.Tender);
        return pool.Quoted;
    }

    private double QuoteWithDust(int p, ref WarmPool pool, in WarmLeg quoted, int leg, double tender)
    {
        double growth = tender / quoted.TenderScale;
        return pool.Shape switch
        {
            WarmShape.Product => quoted.OutputScale * (growth / (1 + growth)) * (1 - QuoteError),
            WarmShape.FourToOne => quoted.OutputScale * (quoted.Ratio > 1 ? PartAtFour(growth) : PartAtQuarter(growth)) * (1 - QuoteError),
            WarmShape.Mean => -quoted.OutputScale * Elementary.ExpM1(-quoted.Ratio * Elementary.Log1P(growth)) * (1 - QuoteError),
            WarmShape.Curve => pools[p].ReceiveAtLeast(leg, tender, ref pool.Cell),
            _ => 0,
        };
    }

    private bool Trade(int p, ref WarmPool pool, int leg, ref WarmLeg traded, double d, double priceIn, double priceOut)
    {
        pool.Leg = leg;
        double excess = d / priceIn;
        double tender, received, rise;
        if (pool.Shape == WarmShape.Product)
        {
            double growth = Elementary.RootM1(excess);
            double left = traded.OutputScale / (1 + growth);
            tender = traded.TenderScale * growth;
            received = left * growth;
            rise = 0.5 * left;
        }
        else if (pool.Shape == WarmShape.Mean)
        {
            double a = traded.Inverse * Elementary.Log1P(excess);
            double drop = Elementary.ExpM1(-traded.Ratio * a);
            pool.Growth = a;
            tender = traded.TenderScale * Elementary.ExpM1(a);
            received = -traded.OutputScale * drop;
            rise = traded.Ratio * traded.Inverse * traded.OutputScale * (1 + drop);
        }
        else if (pool.Shape == WarmShape.FourToOne)
        {
            // The input grows by v where its weight is the greater one, and by (1 + v)^4 - 1 where the output's is.
            bool isOfInput = traded.Ratio > 1;
            double a = traded.Inverse * Elementary.Log1P(excess), v = Elementary.ExpM1(isOfInput ? a : 0.25 * a);
            double grown = 1 + v, left = 1 / grown, square = left * left;
            pool.Growth = v;
            tender = traded.TenderScale * (isOfInput ? v : v * (1 + grown) * (1 + (grown * grown)));
            received = traded.OutputScale * (isOfInput ? v * left * (1 + left) * (1 + square) : v * left);
            rise = traded.Ratio * traded.Inverse * traded.OutputScale * (isOfInput ? square * square : left);
        }
        else
        {
            pools[p].AnswerToGain(leg, excess, ref pool.Cell, out tender, out received, out rise);
        }

        if (tender >= traded.Most)
        {
            tender = traded.Most;
            received = NoDust(QuoteWithDust(p, ref pool, in traded, leg, tender), in traded);
            rise = 0;
        }

        pool.Tender = tender;
        pool.Received = received;
        pool.Value = pool.Quoted = double.NaN;
        pool.FlowFirst = leg == 0 ? -tender : received;
        pool.FlowSecond = leg == 0 ? received : -tender;
        pool.Weight = Math.Max(priceOut * rise, Latent(in pool, leg == 0 ? priceIn : priceOut, leg == 0 ? priceOut : priceIn));
        return true;
    }

    private double Appraise(int p, in WarmPool pool, in WarmLeg traded, double priceIn, double priceOut)
    {
        if (pool.Shape == WarmShape.Curve)
            return WithRoundings(pools[p].ArbitrageAtMost(pool.Leg, priceIn, priceOut, pool.Tender, pool.Received));
        if (pool.Tender >= traded.Most)
            return WithRoundings(pools[p].LegArbitrage(pool.Leg, priceIn, priceOut).Hi);
        double worth = pool.Shape == WarmShape.Product ? priceIn * pool.Tender * (pool.Tender / traded.TenderScale)
            : priceIn * traded.TenderScale * (pool.Shape == WarmShape.FourToOne ? FourToOneArbitrage(pool.Growth, traded.Ratio > 1) : MeanArbitrage(in pool, in traded));
        double gain = Math.FusedMultiplyAdd(traded.Best, priceOut, -priceIn);
        return WithRoundings(worth) + (TurnoverRounding * priceOut * pool.Received) + ValueOfKink(p, pool.Leg, in traded, gain, priceIn, priceOut);
    }

    /// <summary>What a leg may be worth that gains so little per unit of input, of either sign, that roundings decide whether it trades: by its weight, or exactly where the next piece of a curve may be any number of times as deep.</summary>
    private double ValueOfKink(int p, int leg, in WarmLeg at, double gain, double priceIn, double priceOut) =>
        !(Math.Abs(gain) < KinkRounding * priceIn) ? 0
        : cells[p].Shape == WarmShape.Curve ? WithRoundings(pools[p].LegArbitrage(leg, priceIn, priceOut).Hi)
        : priceOut * at.Kink * (KinkRounding * KinkRounding);

    private static double WithRoundings(double worth) => Math.FusedMultiplyAdd(worth, ValueRounding, worth);

    /// <summary>1 - (1 + g)^-4 in factors that are no differences.</summary>
    private static double PartAtFour(double g)
    {
        double left = 1 / (1 + g);
        return g * left * (1 + left) * (1 + (left * left));
    }

    /// <summary>1 - (1 + g)^-(1/4), the same.</summary>
    private static double PartAtQuarter(double g)
    {
        double square = Math.Sqrt(1 + g), root = Math.Sqrt(square);
        return g / (root * (1 + root) * (1 + square));
    }

    /// <summary>
    /// arb in units of X nu_in: (1 + m) ((1 + m)^r - 1) / r - m for r = 4 with m = v, and for r = 1/4 with m = (1 + v)^4 - 1, where the greater weight's reserve changes by the part v. The factor
    /// v^2 taken out leaves positive terms.
    /// </summary>
    private static double FourToOneArbitrage(double v, bool isOfInput)
    {
        double s = 1 + v;
        return isOfInput
            ? 0.25 * v * v * (4 + (s * (3 + (s * (2 + s)))))
            : v * v * (1 + (s * (2 + (s * (3 + (s * 4))))));
    }

    /// <summary>arb in units of X nu_in, from the trade at the prices: m = tender / X = expm1(a), and received / Y = -expm1(-b), of which expm1(b) follows while that is no loss of digits.</summary>
    private static double MeanArbitrage(in WarmPool pool, in WarmLeg traded)
    {
        double ratio = traded.Ratio, a = pool.Growth, b = ratio * a, m = pool.Tender / traded.TenderScale;
        if ((1 + ratio) * a < 0.05)
            return a * ((m * (1 + Beyond(b))) + (Beyond(b) - Beyond(a)));
        double part = pool.Received / traded.OutputScale;
        return ((1 + m) * (part < 0.5 ? part / (1 - part) : Elementary.ExpM1(b)) / ratio) - m;
    }

    /// <summary>expm1(x) / x - 1 for small x.</summary>
    private static double Beyond(double x) =>
        x * (0.5 + (x * ((1.0 / 6) + (x * ((1.0 / 24) + (x * ((1.0 / 120) + (x * ((1.0 / 720) + (x * ((1.0 / 5040) + (x * (1.0 / 40320)))))))))))));
}
