namespace QTrade.Trading.Planning;

/// <summary>
/// Finds paths of flows: of those with so many legs the one that makes most value of an amount, by dynamic programming over the number of legs.
/// On the way what arrives counts at the dual prices, and what a flow cannot take stays behind at its market value. Everything is in the order of tokens
/// and flows, so that the answer is always the same.
/// </summary>
internal sealed class PathSearch
{
    private readonly int tokens;
    private readonly IReadOnlyList<PoolFlow> flows;

    // Per flow, those that take the same token beside each other: the flow's index, and what it takes and gives as numbers.
    private readonly int[] flowAt;
    private readonly int[] placeOf;
    private readonly int[] firstOf;
    private readonly int[] tokenOut;
    private readonly double[] tender;
    private readonly double[] perTender;
    private readonly double[] receive;
    private readonly double[] bend;

    private readonly double[] prices;
    private readonly double[] values;

    // Per number of legs and token: what arrives, the value left behind, both together, by which flow, and the tokens passed (modulo 64: a filter
    // before the walk).
    private bool keeps;
    private double[] arriving = [];
    private double[] behind = [];
    private double[] worth = [];
    private int[] last = [];
    private ulong[] passed = [];

    /// <param name="flows">The flows.</param>
    /// <param name="prices">Dual prices of the tokens.</param>
    /// <param name="values">Market values of the tokens.</param>
    public PathSearch(IReadOnlyList<PoolFlow> flows, double[] prices, double[] values)
    {
        (tokens, this.flows, this.prices, this.values) = (values.Length, flows, prices, values);
        (flowAt, placeOf, tokenOut) = (new int[flows.Count], new int[flows.Count], new int[flows.Count]);
        (tender, perTender, receive, bend) = (new double[flows.Count], new double[flows.Count], new double[flows.Count], new double[flows.Count]);
        firstOf = new int[tokens + 1];
        for (var f = 0; f < flows.Count; f++)
            firstOf[flows[f].TokenIn + 1]++;
        for (var token = 0; token < tokens; token++)
            firstOf[token + 1] += firstOf[token];
        var next = firstOf.AsSpan().ToArray();
        for (var f = 0; f < flows.Count; f++)
        {
            var place = next[flows[f].TokenIn]++;
            (flowAt[place], placeOf[f], tokenOut[place]) = (f, place, flows[f].TokenOut);
            Update(flows[f]);
        }
    }

    /// <summary>Takes note of what is left of a flow.</summary>
    public void Update(PoolFlow flow)
    {
        var place = placeOf[flow.Index];
        (tender[place], perTender[place], receive[place], bend[place]) =
            flow.IsOpen ? (flow.Tender, 1 / flow.Tender, flow.Receive, flow.Bend) : (0, 0, 0, 0);
    }

    /// <summary>The cycle from a token back to it that makes most of an amount, or null.</summary>
    /// <param name="start">The token.</param>
    /// <param name="amount">How much of it is sent.</param>
    /// <param name="legsMax">Most legs.</param>
    /// <param name="costPerLeg">What a leg costs.</param>
    /// <param name="leaves">Whether what flows cannot take counts; without, the widest cycle is found.</param>
    public PoolFlow[]? Cycle(int start, double amount, int legsMax, double costPerLeg, bool leaves)
    {
        keeps = leaves;
        Prepare(start, amount, legsMax);
        var (best, bestLegs) = (double.NegativeInfinity, 0);
        for (var legs = 1; legs <= legsMax && Lengthen(start, legs); legs++)
        {
            var at = legs * tokens + start;
            var earned = behind[at] + arriving[at] * values[start] - legs * costPerLeg;
            if (arriving[at] > 0 && earned > best)
                (best, bestLegs) = (earned, legs);
        }

        return bestLegs == 0 ? null : PathTo(start, bestLegs);
    }

    /// <summary>More than any path of so many legs can make of an amount worth so much: as if every flow could follow every other.</summary>
    public double Bound(double worth, int legsMax)
    {
        var reached = worth;
        for (var legs = 0; legs < legsMax; legs++)
        {
            var most = 0.0;
            foreach (var flow in flows)
            {
                var amount = Math.Min(reached / prices[flow.TokenIn], flow.Tender);
                var gain = flow.Through(amount) * prices[flow.TokenOut] - amount * prices[flow.TokenIn];
                if (gain > most)
                    most = gain;
            }

            reached += most;
        }

        return reached - worth;
    }

    /// <summary>The path from a token to another at whose end most value arrives, or null.</summary>
    public PoolFlow[]? Open(int start, double amount, int legsMax)
    {
        keeps = false;
        Prepare(start, amount, legsMax);
        var (best, bestLegs, bestToken) = (0.0, 0, -1);
        for (var legs = 1; legs <= legsMax && Lengthen(start, legs); legs++)
        {
            for (var token = 0; token < tokens; token++)
            {
                var at = legs * tokens + token;
                if (token != start && arriving[at] * values[token] > 0 && behind[at] + arriving[at] * values[token] > best)
                    (best, bestLegs, bestToken) = (behind[at] + arriving[at] * values[token], legs, token);
            }
        }

        return bestLegs == 0 ? null : PathTo(bestToken, bestLegs);
    }

    private void Prepare(int start, double amount, int legsMax)
    {
        var size = (legsMax + 1) * tokens;
        if (arriving.Length < size)
            (arriving, behind, worth, last, passed) = (new double[size], new double[size], new double[size], new int[size], new ulong[size]);
        Array.Clear(arriving, 0, size);
        arriving[start] = amount;
        behind[start] = 0;
        passed[start] = 0;
    }

    private bool Lengthen(int start, int legs)
    {
        var any = false;
        int before = (legs - 1) * tokens, after = legs * tokens;
        for (var token = 0; token < tokens; token++)
        {
            var amount = arriving[before + token];
            if (!(amount > 0) || (legs > 1 && token == start))
                continue;
            var seen = passed[before + token];
            var leftBefore = behind[before + token];
            var value = keeps ? values[token] : 0;
            for (var place = firstOf[token]; place < firstOf[token + 1]; place++)
            {
                var taken = amount * perTender[place];
                var share = Math.Min(1, taken);
                var through = share * (receive[place] + bend[place] * (1 - share));
                if (!(through > 0))
                    continue;
                var to = tokenOut[place];
                var left = taken > 1 ? leftBefore + (amount - tender[place]) * value : leftBefore;
                var total = left + through * prices[to];
                if ((arriving[after + to] > 0 && !(total > worth[after + to])) || ((seen >> to & 1) != 0 && Passes(legs - 1, token, to)))
                    continue;
                arriving[after + to] = through;
                behind[after + to] = left;
                worth[after + to] = total;
                last[after + to] = place;
                passed[after + to] = seen | 1UL << to;
                any = true;
            }
        }

        return any;
    }

    /// <summary>Whether the path to a token passes through another one, its start aside.</summary>
    private bool Passes(int legs, int token, int other)
    {
        for (; legs > 0; legs--)
        {
            if (token == other)
                return true;
            token = flows[flowAt[last[legs * tokens + token]]].TokenIn;
        }

        return false;
    }

    private PoolFlow[] PathTo(int token, int legs)
    {
        var path = new PoolFlow[legs];
        for (; legs > 0; legs--)
        {
            path[legs - 1] = flows[flowAt[last[legs * tokens + token]]];
            token = path[legs - 1].TokenIn;
        }

        return path;
    }
}
