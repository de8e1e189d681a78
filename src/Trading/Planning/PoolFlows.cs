using System.Collections.Immutable;
using QTrade.Solver;

namespace QTrade.Trading.Planning;

/// <summary>A solution's trades as flows from one token to another.</summary>
internal static class PoolFlows
{
    /// <summary>
    /// One flow for a pool that takes one token and gives another. A pool that trades several at once is cut by value at the dual prices,
    /// each tender's share against the receives' in turn (the north-west corner rule of transport problems), so that n tenders and m
    /// receives make at most n + m - 1 flows.
    /// </summary>
    public static List<PoolFlow> Of(RoutingProblem problem, RoutingSolution solution)
    {
        var flows = new List<PoolFlow>(solution.Trades.Length);
        foreach (var trade in solution.Trades)
        {
            var tokens = problem.Pools[trade.Pool].Tokens;
            if (Only(trade.Tender) is >= 0 and var slotIn && Only(trade.Receive) is >= 0 and var slotOut)
            {
                if (slotIn != slotOut)
                    flows.Add(new PoolFlow(trade.Pool, slotIn, slotOut, tokens[slotIn], tokens[slotOut], trade.Tender[slotIn], trade.Receive[slotOut]));
                continue;
            }

            Cut(trade, tokens, Shares(trade.Tender, tokens, solution.Prices), Shares(trade.Receive, tokens, solution.Prices), flows);
        }

        return flows;
    }

    /// <summary>The slot of the only amount there is; -1 where there is none, or another.</summary>
    private static int Only(ImmutableArray<double> amounts)
    {
        var only = -1;
        for (var slot = 0; slot < amounts.Length; slot++)
        {
            if (!(amounts[slot] > 0))
                continue;
            if (only >= 0)
                return -1;
            only = slot;
        }

        return only;
    }

    private static void Cut(
        RoutingTrade trade, ImmutableArray<int> tokens, List<(int Slot, double Share)> ins, List<(int Slot, double Share)> outs, List<PoolFlow> flows)
    {
        int i = 0, o = 0;
        double leftIn = ins.Count > 0 ? ins[0].Share : 0, leftOut = outs.Count > 0 ? outs[0].Share : 0;
        while (i < ins.Count && o < outs.Count)
        {
            // The last of each side takes what is left, whatever the shares' sums were rounded to.
            var share = i == ins.Count - 1 ? leftOut : o == outs.Count - 1 ? leftIn : Math.Min(leftIn, leftOut);
            var (slotIn, slotOut) = (ins[i].Slot, outs[o].Slot);
            var tender = ins.Count == 1 && outs.Count == 1 ? trade.Tender[slotIn] : trade.Tender[slotIn] * Math.Min(1, share / ins[i].Share);
            var receive = outs.Count == 1 && ins.Count == 1 ? trade.Receive[slotOut] : trade.Receive[slotOut] * Math.Min(1, share / outs[o].Share);
            if (slotIn != slotOut && tender > 0 && receive > 0)
                flows.Add(new PoolFlow(trade.Pool, slotIn, slotOut, tokens[slotIn], tokens[slotOut], tender, receive));
            leftIn -= share;
            leftOut -= share;
            var lastIn = i == ins.Count - 1;
            if (!lastIn && (leftIn <= leftOut || o == outs.Count - 1))
                leftIn = ins[++i].Share;
            else if (++o < outs.Count)
                leftOut = outs[o].Share;
        }
    }

    private static List<(int Slot, double Share)> Shares(ImmutableArray<double> amounts, ImmutableArray<int> tokens, ImmutableArray<double> prices)
    {
        var shares = new List<(int Slot, double Share)>(amounts.Length);
        var sum = 0.0;
        for (var slot = 0; slot < amounts.Length; slot++)
        {
            var value = amounts[slot] * prices[tokens[slot]];
            if (amounts[slot] > 0)
            {
                shares.Add((slot, value));
                sum += value;
            }
        }

        for (var i = 0; i < shares.Count; i++)
            shares[i] = (shares[i].Slot, sum > 0 ? shares[i].Share / sum : 1.0 / shares.Count);
        return shares.FindAll(share => share.Share > 0);
    }
}
