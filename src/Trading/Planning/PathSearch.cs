namespace QTrade.Trading.Planning;

/// <summary>
/// Finds the widest path of flows: of all paths with so many legs, the one at whose end most arrives. By dynamic programming over the number
/// of legs, as arriving amounts only grow with what goes in. Everything is in the order of the flows, so that the answer is always the same.
/// </summary>
internal sealed class PathSearch(int tokens, IReadOnlyList<PoolFlow> flows)
{
    private double[][] arriving = [];
    private int[][] last = [];
    private readonly List<int> open = [];

    /// <summary>The widest cycle from a token back to it, or null.</summary>
    public FlowPath? Cycle(int start, double available, int legsMax) =>
        Find(start, available, legsMax, token => token == start ? 1 : 0);

    /// <summary>The path from a token to the valued token where most value arrives, or null.</summary>
    public FlowPath? Open(int start, double available, int legsMax, Func<int, double> value) =>
        Find(start, available, legsMax, token => token == start ? 0 : value(token));

    private FlowPath? Find(int start, double available, int legsMax, Func<int, double> value)
    {
        Prepare(legsMax);
        open.Clear();
        for (var f = 0; f < flows.Count; f++)
        {
            if (flows[f].IsOpen)
                open.Add(f);
        }

        arriving[0][start] = available;
        int bestLegs = 0, bestFlow = -1;
        var best = 0.0;
        for (var legs = 1; legs <= legsMax; legs++)
        {
            var any = false;
            foreach (var f in open)
            {
                var flow = flows[f];
                var amount = arriving[legs - 1][flow.TokenIn];
                if (!(amount > 0) || (legs > 1 && flow.TokenIn == start))
                    continue;
                var through = flow.Through(amount);
                if (through > arriving[legs][flow.TokenOut] && !Uses(legs - 1, flow.TokenIn, f))
                {
                    arriving[legs][flow.TokenOut] = through;
                    last[legs][flow.TokenOut] = f;
                    any = true;
                }
            }

            for (var token = 0; any && token < tokens; token++)
            {
                var worth = arriving[legs][token] * value(token);
                if (worth > best)
                    (best, bestLegs, bestFlow) = (worth, legs, last[legs][token]);
            }

            if (!any)
                break;
        }

        return bestFlow < 0 ? null : PathOf(bestLegs, flows[bestFlow].TokenOut, available);
    }

    private void Prepare(int legsMax)
    {
        if (arriving.Length <= legsMax)
        {
            arriving = [.. Enumerable.Range(0, legsMax + 1).Select(_ => new double[tokens])];
            last = [.. Enumerable.Range(0, legsMax + 1).Select(_ => new int[tokens])];
        }

        for (var legs = 0; legs <= legsMax; legs++)
        {
            Array.Clear(arriving[legs]);
            Array.Fill(last[legs], -1);
        }
    }

    /// <summary>Whether the path to a token uses the flow, or passes through the flow's end before.</summary>
    private bool Uses(int legs, int token, int flow)
    {
        for (; legs > 0; legs--)
        {
            var step = last[legs][token];
            if (step == flow || flows[step].TokenOut == flows[flow].TokenOut)
                return true;
            token = flows[step].TokenIn;
        }

        return false;
    }

    private FlowPath PathOf(int legs, int token, double available)
    {
        var path = new PoolFlow[legs];
        for (; legs > 0; legs--)
        {
            path[legs - 1] = flows[last[legs][token]];
            token = path[legs - 1].TokenIn;
        }

        // Back from the end: a flow takes no more than the next one can.
        var (needed, narrowest) = (path[^1].Tender, path[^1]);
        for (var leg = path.Length - 2; leg >= 0; leg--)
        {
            if (needed >= path[leg].Receive)
                (needed, narrowest) = (path[leg].Tender, path[leg]);
            else
                needed = path[leg].Tender * (needed / path[leg].Receive);
        }

        return available < needed
            ? new FlowPath([.. path], available, available, null)
            : new FlowPath([.. path], needed, available, narrowest);
    }
}
