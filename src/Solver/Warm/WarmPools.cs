using QTrade.Solver.Arithmetic;
using QTrade.Solver.Newton;

namespace QTrade.Solver.Warm;

/// <summary>
/// The pools of a problem as functions of the prices of their two tokens, each kept with what it does at the prices of the moment. Nothing is remembered but the pool's own numbers, so
/// that the same prices give the same bits whatever came before. A leg trades where d = best nu_out - nu_in is positive; d comes from one fused multiply-add and keeps its digits where the
/// two all but cancel, so a product needs neither logarithm nor exponential and no value of a pool is a difference.
/// </summary>
internal sealed class WarmPools
{
    /// <summary>More than a quote in doubles can be above the exact one.</summary>
    private const double QuoteError = 2e-15;

    /// <summary>What the roundings of a pool's value can cost relative to it, and those of its best price per value turned over.</summary>
    private const double ValueRounding = 4e-14;
    private const double TurnoverRounding = 4e-15;

    /// <summary>Part of what a leg can give at most below which a trade is none.</summary>
    private const double Dust = 1e-32;

    private RoutingPool[] pools = [];
    private Shape[] shape = [];
    private bool[] usable = [];
    private double[] best = [], tenderScale = [], outputScale = [], ratio = [], inverse = [], most = [], kink = [], dust = [];
    private double[] value = [];
    private double[] gamma = [], cap = [], scale = [], input = [], slope = [];
    private int[] cell = [];

    private enum Shape : byte
    {
        /// <summary>Nothing can be traded on it, ever.</summary>
        Closed,
        Product,
        Mean,
        Curve,
    }

    public int Count { get; private set; }

    /// <summary>Per pool: its tokens.</summary>
    public int[] First { get; private set; } = [];

    public int[] Second { get; private set; } = [];

    /// <summary>Per pool at the prices of the moment: the leg that trades or -1, tender, receive, the edge's weight nu_out d receive / d u.</summary>
    public int[] Leg { get; private set; } = [];

    public double[] Tender { get; private set; } = [];

    public double[] Received { get; private set; } = [];

    public double[] Weight { get; private set; } = [];

    public void Begin(int count)
    {
        Count = count;
        if (pools.Length >= count)
            return;
        pools = new RoutingPool[count];
        shape = new Shape[count];
        usable = new bool[2 * count];
        best = new double[2 * count];
        tenderScale = new double[2 * count];
        outputScale = new double[2 * count];
        ratio = new double[2 * count];
        inverse = new double[2 * count];
        most = new double[2 * count];
        kink = new double[2 * count];
        dust = new double[2 * count];
        First = new int[count];
        Second = new int[count];
        Leg = new int[count];
        Tender = new double[count];
        Received = new double[count];
        Weight = new double[count];
        value = new double[count];
    }

    /// <summary>Takes a pool's numbers; false where it is of a kind that does not answer to prices.</summary>
    public bool TryTake(int p, RoutingPool pool, bool firstUsable, bool secondUsable)
    {
        pools[p] = pool;
        First[p] = pool.Tokens[0];
        Second[p] = pool.Tokens[1];
        usable[2 * p] = firstUsable;
        usable[(2 * p) + 1] = secondUsable;
        shape[p] = Shape.Closed;
        if (pool.LegCount != 2)
        {
            for (int leg = 0; leg < pool.LegCount; leg++)
            {
                if (pool.EdgeCount(leg) > 0)
                    return false;
            }

            best[2 * p] = best[(2 * p) + 1] = 0;
            return true;
        }

        bool any = false;
        double forthAndBack = 1;
        for (int leg = 0; leg < 2; leg++)
        {
            int i = (2 * p) + leg;
            best[i] = BestOf(pool, leg);
            forthAndBack *= best[i];
            any |= best[i] > 0;
            if (!(best[i] > 0))
                continue;
            if (!double.IsFinite(best[i]) || !pool.AnswersToPrices)
                return false;
            most[i] = pool.MostTender(leg);
            dust[i] = Dust * pool.MostReceived(leg);
            if (pool.HasConstantMean)
            {
                pool.DescribeMean(leg, out tenderScale[i], out outputScale[i], out ratio[i]);
                inverse[i] = 1 / (1 + ratio[i]);
                kink[i] = outputScale[i] * ratio[i] * inverse[i];
                best[i] = outputScale[i] * ratio[i] / tenderScale[i];
            }
            else
            {
                int at = -1;
                pool.Answer(leg, 0, ref at, out _, out _, out kink[i]);
            }
        }

        if (firstUsable && secondUsable && forthAndBack > 1 + 1e-12)
            return false;
        if (any)
            shape[p] = !pool.HasConstantMean ? Shape.Curve : ratio[2 * p] == 1 && ratio[(2 * p) + 1] == 1 ? Shape.Product : Shape.Mean;
        return true;
    }

    /// <summary>Finds what the pool does at prices of its tokens. False where a leg that takes no part in answers would gain: a token left out is priced wrongly.</summary>
    public bool Evaluate(int p, double first, double second)
    {
        if (shape[p] != Shape.Closed)
        {
            double forth = Math.FusedMultiplyAdd(best[2 * p], second, -first);
            if (forth > 0)
                return Trade(p, 0, forth, first, second);
            double back = Math.FusedMultiplyAdd(best[(2 * p) + 1], first, -second);
            if (back > 0)
                return Trade(p, 1, back, second, first);
        }

        Leg[p] = -1;
        Tender[p] = Received[p] = value[p] = 0;
        Weight[p] = Latent(p, first, second);
        return true;
    }

    /// <summary>An upper bound on arb at the prices that the pool was evaluated at. It costs as much as the evaluation or more, and steps do not ask for it: it is found when it is asked for first.</summary>
    public double Value(int p, double first, double second)
    {
        if (double.IsNaN(value[p]))
            value[p] = Leg[p] == 0 ? Appraise(p, 0, first, second) : Appraise(p, 1, second, first);
        return value[p];
    }

    /// <summary>From here on, until it is evaluated again, the pool does nothing and is worth no finite sum: no bound comes of these prices.</summary>
    public void Misprice(int p)
    {
        Leg[p] = -1;
        Tender[p] = Received[p] = Weight[p] = 0;
        value[p] = double.PositiveInfinity;
    }

    /// <summary>The weight of an idle pool at its tokens' prices.</summary>
    public double Latent(int p, double first, double second) =>
        usable[2 * p] && usable[(2 * p) + 1] && shape[p] != Shape.Closed ? PricedPools.LatentPart * Math.Min(second * kink[2 * p], first * kink[(2 * p) + 1]) : 0;

    /// <summary>The weight of a leg where it begins to trade.</summary>
    public double KinkWeight(int p, int leg, double priceOut) => priceOut * kink[(2 * p) + leg];

    /// <summary>u of a leg at its tokens' prices, log(best nu_out / nu_in).</summary>
    public double Excess(int p, int leg, double first, double second)
    {
        (double priceIn, double priceOut) = leg == 0 ? (first, second) : (second, first);
        return Elementary.Log1P(Math.FusedMultiplyAdd(best[(2 * p) + leg], priceOut, -priceIn) / priceIn);
    }

    /// <summary>The leg that trades, or -1, where the logarithm of the second price rises by <paramref name="change"/> against the first one's. Logarithms only near a kink: log(1 + x) lies between x / (1 + x) and x.</summary>
    public int NextLeg(int p, double first, double second, double change)
    {
        if (shape[p] == Shape.Closed)
            return -1;
        if (usable[2 * p] && Trades(best[2 * p], first, second, change))
            return 0;
        return usable[(2 * p) + 1] && Trades(best[(2 * p) + 1], second, first, -change) ? 1 : -1;
    }

    private static bool Trades(double best, double priceIn, double priceOut, double change)
    {
        double gain = Math.FusedMultiplyAdd(best, priceOut, -priceIn);
        if (gain + (change * priceIn) <= 0)
            return false;
        return gain + (change * best * priceOut) >= 0 || Elementary.Log1P(gain / priceIn) + change > 0;
    }

    public bool IsUsable(int p, int leg) => usable[(2 * p) + leg];

    public double MostTender(int p, int leg) => most[(2 * p) + leg];

    /// <summary>What a leg gives for a tender, not above the exact output and no dust.</summary>
    public double Quote(int p, int leg, double tender)
    {
        int i = (2 * p) + leg;
        if (!(tender > 0))
            return 0;
        double growth = tender / tenderScale[i];
        double received = shape[p] switch
        {
            Shape.Product => outputScale[i] * (growth / (1 + growth)) * (1 - QuoteError),
            Shape.Mean => -outputScale[i] * Elementary.ExpM1(-ratio[i] * Elementary.Log1P(growth)) * (1 - QuoteError),
            Shape.Curve => pools[p].Receive(leg, tender).RoundedDown(),
            _ => 0,
        };
        return received >= dust[i] ? received : 0;
    }

    private bool Trade(int p, int leg, double d, double priceIn, double priceOut)
    {
        int i = (2 * p) + leg;
        if (!usable[i])
            return false;
        Leg[p] = leg;
        double excess = d / priceIn;
        double tender, received, rise;
        if (shape[p] == Shape.Product)
        {
            double growth = Growth(excess);
            double left = outputScale[i] / (1 + growth);
            tender = tenderScale[i] * growth;
            received = left * growth;
            rise = 0.5 * left;
        }
        else if (shape[p] == Shape.Mean)
        {
            double a = inverse[i] * Elementary.Log1P(excess);
            double drop = Elementary.ExpM1(-ratio[i] * a);
            tender = tenderScale[i] * Elementary.ExpM1(a);
            received = -outputScale[i] * drop;
            rise = ratio[i] * inverse[i] * outputScale[i] * (1 + drop);
        }
        else
        {
            int at = -1;
            pools[p].Answer(leg, Elementary.Log1P(excess), ref at, out tender, out received, out rise);
        }

        if (tender >= most[i])
        {
            tender = most[i];
            received = Quote(p, leg, tender);
            rise = 0;
        }

        Tender[p] = tender;
        Received[p] = received;
        value[p] = double.NaN;
        Weight[p] = Math.Max(priceOut * rise, Latent(p, leg == 0 ? priceIn : priceOut, leg == 0 ? priceOut : priceIn));
        return true;
    }

    private double Appraise(int p, int leg, double priceIn, double priceOut)
    {
        int i = (2 * p) + leg;
        double excess = Math.FusedMultiplyAdd(best[i], priceOut, -priceIn) / priceIn;
        double worth = shape[p] == Shape.Curve || Tender[p] >= most[i] ? pools[p].LegArbitrage(leg, priceIn, priceOut).Hi
            : shape[p] == Shape.Product ? priceIn * Tender[p] * Growth(excess)
            : priceIn * tenderScale[i] * MeanArbitrage(ratio[i], inverse[i] * Elementary.Log1P(excess));
        return Math.FusedMultiplyAdd(worth, ValueRounding, worth) + (TurnoverRounding * priceOut * Received[p]);
    }

    private static double Growth(double excess) => excess / (Math.Sqrt(1 + excess) + 1);

    private static double MeanArbitrage(double ratio, double a)
    {
        double b = ratio * a, m = Elementary.ExpM1(a);
        return (1 + ratio) * a < 0.05
            ? a * ((m * (1 + Beyond(b))) + (Beyond(b) - Beyond(a)))
            : ((1 + m) * Elementary.ExpM1(b) / ratio) - m;
    }

    /// <summary>expm1(x) / x - 1 for small x.</summary>
    private static double Beyond(double x) =>
        x * (0.5 + (x * ((1.0 / 6) + (x * ((1.0 / 24) + (x * ((1.0 / 120) + (x * ((1.0 / 720) + (x * ((1.0 / 5040) + (x * (1.0 / 40320)))))))))))));

    private double BestOf(RoutingPool pool, int leg)
    {
        int edges = pool.EdgeCount(leg);
        if (edges == 0)
            return 0;
        if (gamma.Length < edges)
        {
            gamma = new double[edges];
            cap = new double[edges];
            scale = new double[edges];
            input = new double[edges];
            slope = new double[edges];
            cell = new int[edges];
        }

        pool.Describe(leg, gamma, cap, scale);
        input.AsSpan(0, edges).Clear();
        pool.Evaluate(leg, input.AsSpan(0, edges), cap.AsSpan(0, edges), slope.AsSpan(0, edges), scale.AsSpan(0, edges), cell.AsSpan(0, edges));
        return gamma[0] * slope[0];
    }
}
