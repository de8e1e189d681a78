namespace QTrade.Trading.Planning;

/// <summary>
/// Finds the widest path of flows: of all paths with so many legs, the one at whose end most arrives. By dynamic programming over the number
/// of legs, as arriving amounts only grow with what goes in; a leg goes on from the tokens that the leg before reached. Of equals the flow, or the
/// token, that comes first is taken, so that the answer is always the same.
/// </summary>
internal sealed class PathSearch(OpenFlows flows, double[] values)
{
    private readonly int tokens = values.Length;

    // By leg and token: what arrives, and by which flow.
    private double[] arriving = [];
    private int[] last = [];
    private int[] reached = new int[values.Length];
    private int[] reachedBefore = new int[values.Length];

    /// <summary>The widest cycle from a token back to it, or null.</summary>
    public FlowPath? Cycle(int start, double available, int legsMax) => Find(start, available, legsMax, cycle: true);

    /// <summary>The path from a token to the valued token where most value arrives, or null.</summary>
    public FlowPath? Open(int start, double available, int legsMax) => Find(start, available, legsMax, cycle: false);

    private FlowPath? Find(int start, double available, int legsMax, bool cycle)
    {
        if (!(available > 0))
            return null;
        var size = (legsMax + 1) * tokens;
        if (arriving.Length < size)
            (arriving, last) = (new double[size], new int[size]);
        arriving.AsSpan(0, tokens).Clear();
        arriving[start] = available;
        reachedBefore[0] = start;
        var before = 1;
        int bestLegs = 0, bestToken = -1;
        var best = 0.0;
        var most = cycle ? MostInto(start) : double.PositiveInfinity;
        for (var legs = 1; legs <= legsMax && before > 0 && best < most; legs++)
        {
            var count = cycle && legs == legsMax ? LastStep(legs, start) : Step(legs, start, before);
            for (var i = 0; i < count; i++)
            {
                var token = reached[i];
                var worth = arriving[legs * tokens + token] * Worth(token, start, cycle);
                if (worth > best || (worth == best && legs == bestLegs && token < bestToken))
                    (best, bestLegs, bestToken) = (worth, legs, token);
            }

            (reached, reachedBefore, before) = (reachedBefore, reached, count);
        }

        return bestToken < 0 ? null : PathOf(bestLegs, bestToken, available);
    }

    private double Worth(int token, int start, bool cycle) =>
        cycle ? (token == start ? 1 : 0) : token == start ? 0 : values[token];

    /// <summary>No more than this arrives at a token by any path.</summary>
    private double MostInto(int token)
    {
        var most = 0.0;
        foreach (var flow in flows.Giving(token))
        {
            if (flows.IsOpen(flow))
                most = Math.Max(most, flows.Left(flow).Receive);
        }

        return most;
    }

    /// <summary>What the last leg of a cycle brings back.</summary>
    private int LastStep(int legs, int start)
    {
        var from = arriving.AsSpan((legs - 1) * tokens, tokens);
        var (most, by) = (0.0, -1);
        foreach (var flow in flows.Giving(start))
        {
            ref readonly var rest = ref flows.Left(flow);
            var token = rest.TokenIn;
            if (!flows.IsOpen(flow) || !(from[token] > 0))
                continue;
            var through = rest.Through(from[token]);
            if (through > most && !Uses(legs - 1, token, flow, start))
                (most, by) = (through, flow);
        }

        if (by < 0)
            return 0;
        (arriving[legs * tokens + start], last[legs * tokens + start], reached[0]) = (most, by, start);
        return 1;
    }

    /// <summary>What arrives by one more leg, and where.</summary>
    private int Step(int legs, int start, int before)
    {
        var from = arriving.AsSpan((legs - 1) * tokens, tokens);
        var to = arriving.AsSpan(legs * tokens, tokens);
        var by = last.AsSpan(legs * tokens, tokens);
        to.Clear();
        var count = 0;
        for (var i = 0; i < before; i++)
        {
            var token = reachedBefore[i];
            if (legs > 1 && token == start)
                continue;
            var amount = from[token];
            foreach (var flow in flows.Taking(token))
            {
                ref readonly var rest = ref flows.Left(flow);
                var through = rest.Through(amount);
                var end = rest.TokenOut;
                var most = to[end];
                if (through < most || !(through > 0) || (through == most && flow > by[end]) || Uses(legs - 1, token, flow, end))
                    continue;
                if (most == 0)
                    reached[count++] = end;
                (to[end], by[end]) = (through, flow);
            }
        }

        return count;
    }

    /// <summary>Whether the path to a token uses the flow, or passes through the flow's end before.</summary>
    private bool Uses(int legs, int token, int flow, int end)
    {
        for (; legs > 0; legs--)
        {
            var step = last[legs * tokens + token];
            if (step == flow || token == end)
                return true;
            token = flows.Left(step).TokenIn;
        }

        return false;
    }

    private FlowPath PathOf(int legs, int token, double available)
    {
        var path = new int[legs];
        for (; legs > 0; legs--)
        {
            path[legs - 1] = last[legs * tokens + token];
            token = flows[path[legs - 1]].TokenIn;
        }

        // Back from the end: a flow takes no more than the next one can.
        var (needed, narrowest) = (flows.Left(path[^1]).Tender, path[^1]);
        for (var leg = path.Length - 2; leg >= 0; leg--)
        {
            ref readonly var rest = ref flows.Left(path[leg]);
            (needed, narrowest) = needed >= rest.Receive ? (rest.Tender, path[leg]) : (rest.Tender * (needed / rest.Receive), narrowest);
        }

        return available < needed ? new FlowPath(path, available, available, -1) : new FlowPath(path, needed, available, narrowest);
    }
}
