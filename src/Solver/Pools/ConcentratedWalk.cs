using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Pools;

/// <summary>
/// One direction through a concentrated pool. With sigma = sqrt p going up (token 1 in) and sigma = 1/sqrt p going down (token 0 in)
/// both directions are the same: an input q into an interval that begins at s moves sigma to s + q/L, gives q / (s sigma), and
/// the slope is 1/sigma^2. Widths of intervals come from the prices, (hi - lo) / (sqrt hi + sqrt lo), not from a difference of roots.
/// </summary>
internal sealed class ConcentratedWalk
{
    /// <summary>
    /// A run ends where liquidity falls below this part of what it was: within an edge the slope's bend would grow as much at once, and Newton steps from
    /// the one side jump over such a kink and those from the other side back, for ever, when the optimum is at it. At an edge's bound they settle.
    /// </summary>
    private const double LeastKept = 1.0 / 6;

    private readonly bool down;

    // Per interval with liquidity, in the order of the walk, and one behind the last for what all of them take and give.
    private readonly Stretch[] intervals;

    // Per interval: the prices it begins and ends at; the input and output before it with its run's beginning as origin.
    private readonly double[] startPrice;
    private readonly double[] endPrice;
    private readonly double[] inputBefore;
    private readonly double[] outputBefore;

    // Per run: its first interval (one more entry at the end) and its capacity.
    private readonly int[] firstOfRun;
    private readonly double[] capacity;
    private readonly DoubleDouble bound;
    private readonly int lastInterval;
    private readonly double firstSigma;

    private readonly ExactInterval[] exact;
    private int known;

    /// <param name="pool">The pool.</param>
    /// <param name="down">Whether the price falls, that is token 0 goes in.</param>
    /// <param name="bound">The most that may go in after the fee.</param>
    public ConcentratedWalk(ConcentratedPool pool, bool down, DoubleDouble bound)
    {
        this.down = down;
        this.bound = bound;
        int most = pool.Liquidity.Length;
        startPrice = new double[most];
        endPrice = new double[most];
        intervals = new Stretch[most + 1];
        inputBefore = new double[most];
        outputBefore = new double[most];
        var runs = new List<int>();
        var capacities = new List<double>();
        int count = 0;
        bool open = false;
        double input = 0, output = 0;
        CompensatedSum allInput = new(DoubleDouble.Zero), allOutput = new(DoubleDouble.Zero);
        for (int step = 0; step < most && MostInput < bound.Hi; step++)
        {
            int k = down ? most - 1 - step : step;
            double from = down ? Math.Min(pool.Ticks[k + 1], pool.Price) : Math.Max(pool.Ticks[k], pool.Price);
            double to = down ? pool.Ticks[k] : pool.Ticks[k + 1];
            if (down ? from <= to : from >= to)
                continue;
            double l = pool.Liquidity[k];
            double rootFrom = Math.Sqrt(from), rootTo = Math.Sqrt(to);
            double width = Math.Abs(to - from) / (rootTo + rootFrom);
            double taken = down ? l * width / (rootFrom * rootTo) : l * width;
            double given = down ? l * width : l * width / (rootFrom * rootTo);
            if (!(taken > 0 && double.IsFinite(taken)))
            {
                open = false;
                continue;
            }

            if (!open || l < LeastKept * intervals[count - 1].Liquidity)
            {
                runs.Add(count);
                capacities.Add(0);
                input = output = 0;
                open = true;
            }

            startPrice[count] = from;
            endPrice[count] = to;
            ref Stretch interval = ref intervals[count];
            interval.Liquidity = l;
            interval.Start = down ? 1 / rootFrom : rootFrom;
            interval.PerStart = 1 / interval.Start;
            interval.PerLiquidity = Math.Min(1 / l, double.MaxValue);
            inputBefore[count] = input;
            outputBefore[count] = output;
            count++;
            double allowed = Math.Min(taken, bound.Hi - MostInput);
            input += allowed;
            output += given;
            capacities[^1] = input;
            allInput.Add(taken);
            allOutput.Add(given);
            MostInput = Math.Min(bound.Hi, Total(allInput));
            MostOutput = Total(allOutput);
            MostRise = Math.Max(MostRise, 0.5 * l / interval.Start);
            intervals[count].InputBefore = MostInput;
            intervals[count].OutputBefore = MostOutput;
        }

        runs.Add(count);
        lastInterval = count - 1;
        firstSigma = intervals[0].Start;
        exact = new ExactInterval[count];
        firstOfRun = [.. runs];
        capacity = [.. capacities];
    }

    /// <summary>A sum that no double holds has no digits to compensate.</summary>
    private static double Total(CompensatedSum sum) => double.IsNaN(sum.Nearest) ? double.PositiveInfinity : sum.Nearest;

    /// <summary>An interval: sigma where it begins, L, and with the price as origin, whatever runs lie between, the input and output before it. What is asked for together lies together.</summary>
    private struct Stretch
    {
        public double Start;
        public double PerStart;
        public double Liquidity;
        public double PerLiquidity;
        public double InputBefore;
        public double OutputBefore;
    }

    /// <summary>
    /// An interval without roundings of doubles: sigma where it begins and ends, the input and output before it, what it takes.
    /// </summary>
    private struct ExactInterval
    {
        public DoubleDouble From;
        public DoubleDouble To;
        public DoubleDouble InputBefore;
        public DoubleDouble OutputBefore;
        public DoubleDouble Input;
    }

    public int RunCount => capacity.Length;

    /// <summary>The slope where the first run begins.</summary>
    public double FirstSlope => 1 / (firstSigma * firstSigma);

    public double MostInput { get; private set; }

    public double MostOutput { get; private set; }

    /// <summary>No less than any d output / d excess of <see cref="Answer"/>.</summary>
    public double MostRise { get; private set; }

    public void Describe(Span<double> cap, Span<double> scale)
    {
        for (int run = 0; run < capacity.Length; run++)
        {
            cap[run] = capacity[run];
            scale[run] = Math.Min(capacity[run], intervals[firstOfRun[run]].Liquidity * intervals[firstOfRun[run]].Start);
        }
    }

    /// <summary>The run at input f; <paramref name="hint"/> is the interval it was in last, the answer the one it is in now.</summary>
    public int Evaluate(int run, double f, int hint, out double output, out double slope, out double curvature)
    {
        int k = Interval(run, f, hint);
        double q = Math.Max(0, f - inputBefore[k]);
        double perSigma = 1 / (intervals[k].Start + (q * intervals[k].PerLiquidity));
        output = outputBefore[k] + (q * intervals[k].PerStart * perSigma);
        slope = perSigma * perSigma;
        curvature = 2 * perSigma * intervals[k].PerLiquidity;
        return k;
    }

    /// <summary>The output for an input, across runs, and the slope there.</summary>
    public double Output(double input, out double slope)
    {
        int first = IntervalOf(input);
        double q = Math.Max(0, Math.Min(input, intervals[first + 1].InputBefore) - intervals[first].InputBefore);
        double sigma = intervals[first].Start + (q / intervals[first].Liquidity);
        slope = 1 / (sigma * sigma);
        return intervals[first].OutputBefore + (q / (intervals[first].Start * sigma));
    }

    /// <summary>The output for an input, across runs, off by some twenty roundings of doubles: what an input is off by counts by its slope, which is no more than the mean output per input up to there.</summary>
    public double OutputNear(double input, ref int hint)
    {
        hint = IntervalOf(input, hint);
        ref readonly Stretch at = ref intervals[hint];
        double q = Math.Max(0, Math.Min(input, intervals[hint + 1].InputBefore) - at.InputBefore);
        return at.OutputBefore + (q / (at.Start * (at.Start + (q / at.Liquidity))));
    }

    /// <summary>The interval that an input ends in, to within the roundings of doubles.</summary>
    private int IntervalOf(double input, int hint = -1)
    {
        int first = 0, last = lastInterval;
        if (hint >= 0 && hint <= last && intervals[hint].InputBefore <= input && (hint == last || input < intervals[hint + 1].InputBefore))
            return hint;
        while (first < last)
        {
            int middle = (first + last + 1) >> 1;
            if (intervals[middle].InputBefore <= input)
                first = middle;
            else
                last = middle - 1;
        }

        return first;
    }

    /// <summary>
    /// Input and output up to where the slope has fallen to e^-excess of its first value, sigma = sigma_0 e^(excess/2), and d output / d excess = L / (2 sigma). As in
    /// <see cref="Evaluate"/> a hint goes in and the interval comes out.
    /// </summary>
    public int Answer(double excess, int hint, out double input, out double output, out double rise) =>
        AnswerToGrowth(Elementary.ExpM1(0.5 * excess), hint, out input, out output, out rise);

    /// <summary>The same where sigma = sigma_0 (1 + growth).</summary>
    public int AnswerToGrowth(double growth, int hint, out double input, out double output, out double rise)
    {
        double sigma = firstSigma * (1 + growth);
        int k = IntervalAt(sigma, hint);
        ref readonly Stretch at = ref intervals[k];
        double q = k == 0 ? at.Liquidity * firstSigma * growth : at.Liquidity * (sigma - at.Start);
        double full = intervals[k + 1].InputBefore - at.InputBefore;
        rise = 0.5 * at.Liquidity / sigma;
        if (q >= full && growth > 0)
        {
            q = full;
            rise = 0;
        }

        input = at.InputBefore + q;
        output = at.OutputBefore + (q * at.PerStart / (at.Start + (q * at.PerLiquidity)));
        return k;
    }

    private int IntervalAt(double sigma, int hint)
    {
        int last = lastInterval;
        if (hint >= 0 && hint <= last && intervals[hint].Start <= sigma && (hint == last || sigma < intervals[hint + 1].Start))
            return hint;
        int first = 0;
        while (first < last)
        {
            int middle = (first + last + 1) >> 1;
            if (intervals[middle].Start <= sigma)
                first = middle;
            else
                last = middle - 1;
        }

        return first;
    }

    /// <summary>sigma^2 after the input.</summary>
    public double SquareAfter(double f)
    {
        for (int run = 0; run < capacity.Length; run++)
        {
            if (f <= capacity[run] || run == capacity.Length - 1)
            {
                int k = Interval(run, f, -1);
                double sigma = intervals[k].Start + (f - inputBefore[k]) / intervals[k].Liquidity;
                return sigma * sigma;
            }

            f -= capacity[run];
        }

        return double.NaN;
    }

    public DoubleDouble ExactOutput(DoubleDouble input)
    {
        DoubleDouble allowed = DoubleDouble.Min(input, bound);
        int last = lastInterval;
        if (last < 0 || !(allowed.Hi > 0))
            return DoubleDouble.Zero;
        int k = IntervalOf(allowed.Hi);
        while (true)
        {
            ref readonly ExactInterval interval = ref Exact(k);
            DoubleDouble q = allowed - interval.InputBefore;
            if (q.Hi < 0 && k > 0)
            {
                k--;
            }
            else if (q > interval.Input && k < last)
            {
                k++;
            }
            else
            {
                q = DoubleDouble.Max(DoubleDouble.Zero, DoubleDouble.Min(q, interval.Input));
                return interval.OutputBefore + (q / (interval.From * (interval.From + (q / intervals[k].Liquidity))));
            }
        }
    }

    /// <summary>max over inputs f of worth g(f) - cost f: what whole intervals give and take, and what the last one gains, written as a square or as an excess of prices.</summary>
    public DoubleDouble Arbitrage(DoubleDouble cost, DoubleDouble worth)
    {
        int k = LastGaining(cost, worth);
        if (k < 0)
            return DoubleDouble.Zero;
        ref readonly ExactInterval interval = ref Exact(k);
        bool partly = Excess(endPrice[k], cost, worth) < 0;
        DoubleDouble width = (partly ? DoubleDouble.Sqrt(worth / cost) : interval.To) - interval.From;
        DoubleDouble q = width * intervals[k].Liquidity;
        if (bound < interval.InputBefore + q)
            return DoubleDouble.Max(DoubleDouble.Zero, (worth * ExactOutput(bound)) - (cost * bound));
        DoubleDouble value = partly ? q * width / interval.From * cost : q * ((worth / (interval.From * interval.To)) - cost);
        if (k > 0)
            value += (worth * interval.OutputBefore) - (cost * interval.InputBefore);
        return DoubleDouble.Max(DoubleDouble.Zero, value);
    }

    /// <summary>The last interval at whose beginning trading on gains, worth / sigma^2 > cost; -1 for none.</summary>
    private int LastGaining(DoubleDouble cost, DoubleDouble worth)
    {
        int first = -1, last = lastInterval;
        while (first < last)
        {
            int middle = first + ((last - first + 1) >> 1);
            if (Excess(startPrice[middle], cost, worth) > 0)
                first = middle;
            else
                last = middle - 1;
        }

        return first;
    }

    /// <summary>
    /// An interval in double-double, found when it is asked for first, from the price up to there. Two threads that find it at once write the same bits; <see cref="known"/> is told last.
    /// </summary>
    private ref readonly ExactInterval Exact(int k)
    {
        for (int i = Volatile.Read(ref known); i <= k; i++)
        {
            ref ExactInterval at = ref exact[i];
            at.From = i > 0 && startPrice[i] == endPrice[i - 1] ? exact[i - 1].To : Sigma(startPrice[i]);
            at.To = Sigma(endPrice[i]);
            at.Input = (at.To - at.From) * intervals[i].Liquidity;
            if (i > 0)
            {
                ref readonly ExactInterval before = ref exact[i - 1];
                at.InputBefore = before.InputBefore + before.Input;
                at.OutputBefore = before.OutputBefore + (before.Input / (before.From * before.To));
            }

            Volatile.Write(ref known, i + 1);
        }

        return ref exact[k];
    }

    private int Interval(int run, double f, int hint)
    {
        int first = firstOfRun[run], last = firstOfRun[run + 1] - 1;
        if (hint >= first && hint <= last && inputBefore[hint] <= f && (hint == last || f < inputBefore[hint + 1]))
            return hint;
        while (first < last)
        {
            int middle = (first + last + 1) >> 1;
            if (inputBefore[middle] <= f)
                first = middle;
            else
                last = middle - 1;
        }

        return first;
    }

    /// <summary>worth / sigma^2 - cost times a positive factor: sigma^2 is the price going up and its reciprocal going down.</summary>
    private double Excess(double price, DoubleDouble cost, DoubleDouble worth) =>
        down ? (worth * price - cost).Hi : (worth - cost * price).Hi;

    private DoubleDouble Sigma(double price) => down ? DoubleDouble.One / DoubleDouble.Sqrt(price) : DoubleDouble.Sqrt(price);
}
