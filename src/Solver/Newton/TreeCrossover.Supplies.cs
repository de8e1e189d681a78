using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Newton;

/// <summary>What tokens of next to no worth lack, and nothing that trades brings, idle pools bring.</summary>
internal sealed partial class TreeCrossover
{
    /// <summary>
    /// A token of next to no worth can be what a pool of great profit tenders: so small a flow the prices do not tell from none, and nothing brings it. The pool that
    /// is nearest to trading does, where what that loses is nothing beside the dual; what it tenders may have to be brought likewise.
    /// </summary>
    private void SupplyShortTokens(bool exact)
    {
        Array.Clear(served, 0, newton.Pools.NodeCount);
        int before = -1;
        for (int round = 0; round < SupplyRounds && turnedCount > before; round++)
        {
            before = turnedCount;
            unsuppliedCount = 0;
            for (int j = 0; j < newton.Pools.NodeCount; j++)
            {
                if (balance[j] < -Short * gross[j] && IsWanted(j))
                    Supply(j, exact);
            }

            if (turnedCount > before)
                Sum();
        }
    }

    private void Supply(int j, bool exact)
    {
        PricedPools pools = newton.Pools;
        int source = NearestSource(j, out int leg, out double tender);
        if (source < 0 && StopIdleTakers(j, exact))
        {
            if (!(balance[j] < 0))
                return;
            source = NearestSource(j, out leg, out tender);
        }

        if (source < 0)
        {
            unsupplied[unsuppliedCount++] = j;
            return;
        }

        Turn(source, leg);
        served[j] = true;
        double most = pools.MostTender(source);
        for (int round = 0; round < ClosingRounds; round++)
        {
            SetTender(source, Math.Min(tender, most), exact);
            if (!(balance[j] < 0) || !(Received[source] > 0) || tender >= most)
                return;
            tender *= (Received[source] - balance[j]) / Received[source];
        }
    }

    private void Turn(int p, int leg)
    {
        legBefore[turnedCount] = newton.Pools.Leg[p];
        turned[turnedCount++] = p;
        newton.Pools.Leg[p] = leg;
    }

    /// <summary>What a pool that takes the token gains by it, at most.</summary>
    private double GainOf(int p, int j) => Tender[p] * newton.Price[j] * Elementary.ExpM1(newton.Pools.Excess[p]);

    /// <summary>Pools that take next to nothing of worth, and gain nothing by it, leave it to those that gain.</summary>
    private bool StopIdleTakers(int j, bool exact)
    {
        PricedPools pools = newton.Pools;
        bool any = false;
        foreach (int p in pools.IncidentTo(j))
        {
            if (!Takes(p, j) || IsTurned(p) || !(GainOf(p, j) <= SupplyLoss * newton.Dual && Tender[p] * newton.Price[j] <= StoppedWorth * newton.Dual))
                continue;
            SetTender(p, 0, exact);
            Turn(p, -1);
            any = true;
        }

        return any;
    }

    private bool IsTurned(int p) => Array.IndexOf(turned, p, 0, turnedCount) >= 0;

    /// <summary>Whether a pool that gains by it takes the token, or one that is to supply another.</summary>
    private bool IsWanted(int j)
    {
        PricedPools pools = newton.Pools;
        foreach (int p in pools.IncidentTo(j))
        {
            if (Takes(p, j) && (pools.Excess[p] > PastKink || IsTurned(p)))
                return true;
        }

        return false;
    }

    /// <summary>The idle pool that would bring the token at the least loss, -1 where that is more than nothing; about what it would tender.</summary>
    private int NearestSource(int j, out int leg, out double tender)
    {
        PricedPools pools = newton.Pools;
        double most = double.NegativeInfinity;
        int nearest = -1;
        leg = -1;
        foreach (int p in pools.IncidentTo(j))
        {
            int into = pools.To[p] == j ? 0 : 1;
            // What brings a token that was short itself would only take it back.
            if (served[pools.From[p] + pools.To[p] - j])
                continue;
            double excess = pools.Leg[p] < 0 ? pools.ExcessOf(p, into) : double.NegativeInfinity;
            if (!(excess > most) || excess > 0)
                continue;
            (nearest, leg, most) = (p, into, excess);
        }

        tender = 0;
        if (nearest < 0 || !(-balance[j] * newton.Price[j] * Elementary.ExpM1(-most) <= Math.Max(SupplyLoss * newton.Dual, SuppliedPart * GainOfUnbrought(j))))
            return -1;
        int other = pools.From[nearest] + pools.To[nearest] - j;
        tender = -balance[j] * (newton.Price[j] / newton.Price[other]) * Elementary.Exp(-most);
        return nearest;
    }

    /// <summary>What the pools that take a token gain which no pool brings: all of it is lost where they go without; 0 where one does.</summary>
    private double GainOfUnbrought(int j)
    {
        PricedPools pools = newton.Pools;
        double gain = 0;
        foreach (int p in pools.IncidentTo(j))
        {
            if (Takes(p, j))
                gain += GainOf(p, j);
            else if (Tender[p] > 0)
                return 0;
        }

        return gain;
    }
}
