namespace QTrade.Solver;

/// <summary>Legs that bring what nothing uses, and those that tender what nothing brings, go.</summary>
internal sealed partial class FeasibleTrade
{
    /// <summary>What nothing enters any more is not tendered, what goes nowhere and has no value is not bought.</summary>
    private void Prune()
    {
        while (TryPrune())
            Quote();
    }

    /// <summary>Takes legs out, with all that have no source or no use without them; answers whether there were any.</summary>
    private bool TryPrune()
    {
        int nodes = point.NodeCount;
        entering.AsSpan(0, nodes).Clear();
        leaving.AsSpan(0, nodes).Clear();
        for (int leg = 0; leg < point.LegCount; leg++)
        {
            if (Tender[leg] == 0)
                continue;
            entering[point.LegTo[leg]]++;
            leaving[point.LegFrom[leg]]++;
        }

        bool pruned = false;
        for (int leg = 0; leg < point.LegCount; leg++)
        {
            if (Tender[leg] == 0 || (HasSource(point.LegFrom[leg]) && HasUse(point.LegTo[leg])))
                continue;
            if (!pruned)
                ListLegs();
            pruned = true;
            Take(leg);
            while (openCount > 0)
                TakeAround(open[--openCount]);
        }

        return pruned;
    }

    private bool HasSource(int j) => point.Holding[j] > 0 || entering[j] > 0;

    private bool HasUse(int j) => point.Value[j] > 0 || leaving[j] > 0;

    /// <summary>Takes a leg out; what loses its last source or its last use by that is to be looked at.</summary>
    private void Take(int leg)
    {
        int a = point.LegFrom[leg], b = point.LegTo[leg];
        Tender[leg] = 0;
        if (--leaving[a] == 0 && !HasUse(a))
            open[openCount++] = a;
        if (--entering[b] == 0 && !HasSource(b))
            open[openCount++] = b;
    }

    private void TakeAround(int j)
    {
        for (int leg = HasSource(j) ? -1 : firstOut[j]; leg >= 0; leg = nextOut[leg])
        {
            if (Tender[leg] > 0)
                Take(leg);
        }

        for (int leg = HasUse(j) ? -1 : firstInto[j]; leg >= 0; leg = nextInto[leg])
        {
            if (Tender[leg] > 0)
                Take(leg);
        }
    }

    /// <summary>Lists the legs by the token that they begin and end at.</summary>
    private void ListLegs()
    {
        firstOut.AsSpan(0, point.NodeCount).Fill(-1);
        firstInto.AsSpan(0, point.NodeCount).Fill(-1);
        for (int leg = point.LegCount - 1; leg >= 0; leg--)
        {
            nextOut[leg] = firstOut[point.LegFrom[leg]];
            firstOut[point.LegFrom[leg]] = leg;
            nextInto[leg] = firstInto[point.LegTo[leg]];
            firstInto[point.LegTo[leg]] = leg;
        }
    }
}
