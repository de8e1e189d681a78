namespace QTrade.Solver;

/// <summary>Prices that the market itself suggests.</summary>
internal sealed partial class RoutingGraph
{
    /// <summary>Finds the references of the pools as they are now; whether any is another.</summary>
    public bool ReferAnew()
    {
        if (IsAllValued() && IsAllFed())
            return false;
        Reference.AsSpan(0, NodeCount).CopyTo(levels);
        FindReferences();
        return !Reference.AsSpan(0, NodeCount).SequenceEqual(levels.AsSpan(0, NodeCount));
    }

    private bool IsAllValued()
    {
        for (int j = 0; j < NodeCount; j++)
        {
            if (!(Value[j] > 0))
                return false;
        }

        return true;
    }

    /// <summary>
    /// Reference prices: c where it is known; from there outward over the deepest pool in value first, by real reserves (a walk through thin or
    /// virtual depth lands orders of magnitude away).
    /// </summary>
    private void FindReferences()
    {
        heap.Clear();
        for (int j = 0; j < NodeCount; j++)
        {
            Reference[j] = Value[j];
            flag[j] = Value[j] > 0;
        }

        for (int j = 0; j < NodeCount; j++)
        {
            if (flag[j])
                PushLinks(j);
        }

        while (heap.Count > 0)
        {
            int leg = heap.Pop();
            int known = LegFrom[leg], other = LegTo[leg];
            if (flag[other])
                (known, other) = (other, known);
            if (flag[other])
                continue;
            Reference[other] = Math.Clamp(Reference[known] * PriceOf(leg, other), 1e-200, 1e200);
            flag[other] = true;
            PushLinks(other);
        }

        for (int j = 0; j < NodeCount; j++)
        {
            if (!flag[j])
                Reference[j] = 1;
        }
    }

    /// <summary>Price of a node in units of the node at the leg's other end, between the leg's and the opposite leg's.</summary>
    private double PriceOf(int leg, int node)
    {
        int opposite = LegOpposite[leg];
        int selling = LegFrom[leg] == node ? leg : opposite;
        int buying = LegFrom[leg] == node ? opposite : leg;
        double bid = selling >= 0 ? LegBest[selling] : 0;
        double ask = buying >= 0 && LegBest[buying] > 0 ? 1 / LegBest[buying] : 0;
        return bid > 0 && ask > 0 ? Math.Sqrt(bid) * Math.Sqrt(ask) : bid > 0 ? bid : ask;
    }

    private void PushLinks(int known)
    {
        for (int l = firstOfToken[known]; l >= 0; l = nextOfToken[l])
        {
            int leg = l >> 1;
            int other = LegFrom[leg] == known ? LegTo[leg] : LegFrom[leg];
            int opposite = LegOpposite[leg];
            if (flag[other] || (opposite >= 0 && opposite < leg) || (LegBest[leg] == 0 && (opposite < 0 || LegBest[opposite] == 0)))
                continue;
            int into = LegTo[leg] == known ? leg : opposite;
            double depth = into >= 0 && LegBest[into] > 0 ? TermsOf(into).MostReceived * Reference[known] : 0;
            heap.Push(-depth, leg);
        }
    }
}
