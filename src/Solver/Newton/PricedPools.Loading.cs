using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Newton;

/// <summary>How the live pools of a graph are laid: sorted by kind, each leg with its numbers in arrays.</summary>
internal sealed partial class PricedPools
{
    /// <summary>Takes the graph's live part; false where a live pool is of a kind that does not answer to prices.</summary>
    public bool TryLoad(RoutingGraph routingGraph, RoutingPool[] routingPools)
    {
        graph = routingGraph;
        pools = routingPools;
        CountLive();
        if (!Sort())
            return false;
        ramps.Begin(2 * (Count - curveEnd));
        core.Halve(curveEnd, takePools);
        for (int p = curveEnd; p < Count; p++)
            Take(p);
        LogOffsets(curveEnd, Count);
        Smoothing = 0;
        areIncidentListed = false;
        return true;
    }

    private void CountLive()
    {
        int nodes = 0;
        if (denseOf.Length < graph.NodeCount)
        {
            int size = Math.Max(graph.NodeCount, 2 * denseOf.Length);
            denseOf = new int[size];
            fill = new int[size];
            GraphNode = new int[size];
            Value = new double[size];
            Holding = new double[size];
            Scale = new double[size];
            firstIncident = new int[size + 1];
            firstHalf = new NodeSums[size];
            secondHalf = new NodeSums[size];
        }

        for (int j = 0; j < graph.NodeCount; j++)
        {
            denseOf[j] = -1;
            if (!graph.NodeAlive[j])
                continue;
            denseOf[j] = nodes;
            GraphNode[nodes] = j;
            Value[nodes] = graph.Value[j];
            Holding[nodes] = graph.Holding[j];
            Scale[nodes++] = graph.Value[j] > 0 ? graph.Value[j] : graph.Reference[j];
        }

        NodeCount = nodes;
        int most = graph.LegCount;
        if (poolOf.Length < most)
            Grow(Math.Max(most, 2 * poolOf.Length));
    }

    /// <summary>Lists the live pools by kind; false where one does not answer to prices.</summary>
    private bool Sort()
    {
        PartialCount = 0;
        bounded = graph.IsAnyMeanBounded;
        int products = 0, weights = 0, others = 0, linears = 0, legs = graph.LegCount;
        bool allPairs = graph.IsAllPairs;
        ReadOnlySpan<int> opposite = graph.LegOpposite.AsSpan(0, legs), pool = graph.LegPool.AsSpan(0, legs);
        ReadOnlySpan<bool> isAlive = graph.LegAlive.AsSpan(0, legs);
        ReadOnlySpan<double> best = graph.LegBest.AsSpan(0, legs);
        for (int l = 0, end; l < legs; l = end)
        {
            bool alive, whole;
            if (allPairs || (opposite[l] == l + 1 && (l + 2 == legs || pool[l + 2] != pool[l])))
            {
                end = l + 2;
                (alive, whole) = (isAlive[l] | isAlive[l + 1], isAlive[l] & isAlive[l + 1]);
            }
            else
            {
                (alive, whole) = (false, true);
                for (end = l; end < legs && pool[end] == pool[l]; end++)
                    (alive, whole) = (alive | isAlive[end], whole & isAlive[end]);
            }

            for (int leg = l; leg < end && !whole; leg++)
            {
                if (double.IsInfinity(best[leg]))
                    return false;
            }

            if (!whole)
                Partial[PartialCount++] = pool[l];
            if (!alive)
                continue;
            if (end != l + 2 || (whole && !graph.IsTight(l)))
                return false;
            switch (graph.LegForms[isAlive[l] ? l : l + 1])
            {
                case LegForm.Product:
                    GraphLeg[products++] = l;
                    break;
                case LegForm.Mean:
                    weighted[weights++] = l;
                    break;
                case LegForm.Curve:
                    other[others++] = l;
                    break;
                case LegForm.Linear:
                    linear[linears++] = l;
                    break;
                default:
                    return false;
            }
        }

        productEnd = products;
        meanEnd = products + weights;
        curveEnd = meanEnd + others;
        Count = curveEnd + linears;
        weighted.AsSpan(0, weights).CopyTo(GraphLeg.AsSpan(productEnd));
        other.AsSpan(0, others).CopyTo(GraphLeg.AsSpan(meanEnd));
        linear.AsSpan(0, linears).CopyTo(GraphLeg.AsSpan(curveEnd));
        return true;
    }

    /// <summary>Takes pools that were replaced by others of their form, told by their first legs in the graph; false where one has another number of pieces, and all have to be loaded.</summary>
    public bool TryRetake(ReadOnlySpan<int> firstLegs)
    {
        if (bounded != graph.IsAnyMeanBounded)
            return false;
        ramps.ForgetHints();
        (retakes, misfits) = (true, false);
        forthSide.Cell.AsSpan(0, Count).Fill(-1);
        backSide.Cell.AsSpan(0, Count).Fill(-1);
        foreach (int leg in firstLegs)
        {
            int p = PlaceOf(leg);
            if (p < 0)
                continue;
            Take(p);
            LogOffsets(p, p + 1);
        }

        retakes = false;
        return !misfits;
    }

    /// <summary>Where a leg's pool is among the live ones, or -1.</summary>
    private int PlaceOf(int firstLeg)
    {
        (int first, int end) = graph.LegForms[graph.LegAlive[firstLeg] ? firstLeg : firstLeg + 1] switch
        {
            LegForm.Product => (0, productEnd),
            LegForm.Mean => (productEnd, meanEnd),
            LegForm.Curve => (meanEnd, curveEnd),
            _ => (curveEnd, Count),
        };
        int at = GraphLeg.AsSpan(first, end - first).BinarySearch(firstLeg);
        return at < 0 ? -1 : first + at;
    }

    private void TakePools(int first, int end)
    {
        for (int p = first; p < end; p++)
            Take(p);
        LogOffsets(first, end);
    }

    private void Take(int p)
    {
        int l = GraphLeg[p], index = graph.LegPool[l];
        int from = denseOf[graph.LegFrom[l]], to = denseOf[graph.LegTo[l]];
        bool forth = graph.LegAlive[l], back = graph.LegAlive[l + 1];
        poolOf[p] = index;
        From[p] = from;
        To[p] = to;
        IsWhole[p] = forth && back;
        double scaleFrom = Scale[from], scaleTo = Scale[to];
        TakeSide(forthSide, p, l, forth, scaleTo / scaleFrom);
        TakeSide(backSide, p, l + 1, back, scaleFrom / scaleTo);
    }

    private void TakeSide(PoolSide side, int p, int l, bool isAlive, double scale)
    {
        if (!isAlive)
        {
            LeaveOut(side, p);
            return;
        }

        side.Offset[p] = graph.LegBest[l] * scale;
        if (p >= meanEnd || bounded)
            side.Most[p] = graph.TermsOf(l).MostTender;
        if (p < meanEnd)
        {
            double output = graph.LegOutputScale[l];
            side.TenderScale[p] = graph.LegTenderScale[l];
            side.OutputScale[p] = output;
            if (p < productEnd)
            {
                side.FirstRise[p] = output * 0.5;
                return;
            }

            double ratio = graph.LegRatio[l], inverse = 1 / (1 + ratio);
            side.Ratio[p] = ratio;
            side.Inverse[p] = inverse;
            side.FirstRise[p] = output * ratio * inverse;
            return;
        }

        side.Cell[p] = -1;
        if (p >= curveEnd)
            side.FirstRise[p] = EnterRamps(side, p, pools[poolOf[p]], graph.LegLocal[l]);
        else
            pools[poolOf[p]].Answer(graph.LegLocal[l], 0, ref side.Cell[p], out _, out _, out side.FirstRise[p]);
    }

    private void LeaveOut(PoolSide side, int p)
    {
        side.Cell[p] = -1;
        if (p >= curveEnd)
            EnterRamps(side, p, null, 0);
        side.Offset[p] = side.Most[p] = side.TenderScale[p] = side.OutputScale[p] = 0;
        side.Ratio[p] = 1;
        side.Inverse[p] = 0.5;
        side.FirstRise[p] = double.PositiveInfinity;
    }

    private double EnterRamps(PoolSide side, int p, RoutingPool? pool, int leg)
    {
        if (!retakes)
            return ramps.Add(pool, leg);
        misfits |= !ramps.TryReplace((2 * (p - curveEnd)) + (side == forthSide ? 0 : 1), pool, leg, out double most);
        return most;
    }

    private void LogOffsets(int first, int end)
    {
        Lanes.LogAll(forthSide.Offset.AsSpan(first, end - first));
        Lanes.LogAll(backSide.Offset.AsSpan(first, end - first));
    }

    /// <summary>The pools of a node, in order; listed when they are asked for first, as where all tokens have many pools hardly anything asks.</summary>
    public ReadOnlySpan<int> IncidentTo(int node)
    {
        if (!areIncidentListed)
            ListIncident();
        return incident.AsSpan(firstIncident[node], firstIncident[node + 1] - firstIncident[node]);
    }

    private void ListIncident()
    {
        areIncidentListed = true;
        Array.Clear(firstIncident, 0, NodeCount + 1);
        for (int p = 0; p < Count; p++)
        {
            firstIncident[From[p] + 1]++;
            firstIncident[To[p] + 1]++;
        }

        for (int j = 0; j < NodeCount; j++)
        {
            firstIncident[j + 1] += firstIncident[j];
            fill[j] = firstIncident[j];
        }

        for (int p = 0; p < Count; p++)
        {
            incident[fill[From[p]]++] = p;
            incident[fill[To[p]]++] = p;
        }
    }

    private void Grow(int size)
    {
        poolOf = new int[size];
        weighted = new int[size];
        other = new int[size];
        linear = new int[size];
        Piece = new int[size];
        forthSide.Grow(size);
        backSide.Grow(size);
        difference = new double[size];
        IsWhole = new bool[size];
        Partial = new int[size];
        From = new int[size];
        To = new int[size];
        GraphLeg = new int[size];
        incident = new int[2 * size];
        Leg = new int[size];
        Tender = new double[size];
        Received = new double[size];
        Rise = new double[size];
        Excess = new double[size];
        Weight = new double[size];
        WorthTo = new double[size];
        WorthFrom = new double[size];
    }
}
