namespace QTrade.Solver;

/// <summary>How tokens, hubs and legs are laid.</summary>
internal sealed partial class RoutingGraph
{
    /// <summary>Lays tokens, hubs and legs; false where a pool is not in order.</summary>
    private bool TryLay(RoutingProblem problem)
    {
        TokenCount = problem.TokenCount;
        if (pools.Length != problem.Pools.Length)
            pools = new RoutingPool[problem.Pools.Length];
        problem.Pools.CopyTo(pools);
        (NodeCount, LegCount) = (TokenCount, 2 * pools.Length);
        Grow(NodeCount, LegCount);
        anyOther = IsAnyMeanBounded = false;
        mostReceived = mostInSecondHalf = 0;
        core.Halve(pools.Length, layPairs);
        pairsLaid = anyOther ? 0 : Math.Max(pairsLaid, pools.Length);
        if (anyOther && !TryLayAny())
            return false;
        for (int j = 0; j < NodeCount; j++)
        {
            Value[j] = j < TokenCount ? problem.Values[j] : 0;
            Holding[j] = j < TokenCount ? problem.Holdings[j] : 0;
        }

        Array.Clear(liveIn, 0, NodeCount);
        Array.Clear(liveOut, 0, NodeCount);
        for (int leg = 0; leg < LegCount; leg++)
        {
            if (!LegAlive[leg])
                continue;
            liveOut[LegFrom[leg]]++;
            liveIn[LegTo[leg]]++;
        }

        return true;
    }

    /// <summary>Lays pools of two legs each, as almost all are; leaves off at another, or at one that is not in order.</summary>
    private void LayPairs(int first, int end)
    {
        double most = 0;
        for (int begin = first; begin < end; begin += Block)
        {
            int next = Math.Min(end, begin + Block);
            if (!ArePairs(begin, next, ref most))
            {
                anyOther = true;
                return;
            }

            for (int i = begin; i < next; i++)
                LayPair(pools[i], i, 2 * i);
        }

        if (first == 0)
            mostReceived = most;
        else
            mostInSecondHalf = most;
    }

    /// <summary>Whether these pools have two legs each and are in order. Pools lie anywhere: a look at a few before they are laid has them fetched side by side.</summary>
    private bool ArePairs(int first, int end, ref double most)
    {
        for (int i = first; i < end; i++)
        {
            RoutingPool pool = pools[i];
            if (!pool.IsPair || !pool.IsSound(TokenCount))
                return false;
            most = Math.Max(most, MostOf(pool));
        }

        return true;
    }

    private static double MostOf(RoutingPool pair) => Math.Max(pair.Forth.MostReceived, pair.Back.MostReceived);

    /// <summary>The same where pools have any number of legs and hubs of their own.</summary>
    private bool TryLayAny()
    {
        (NodeCount, LegCount) = (TokenCount, 0);
        foreach (RoutingPool pool in pools)
        {
            if (!pool.IsSound(TokenCount))
                return false;
            NodeCount += pool.HasHub ? 1 : 0;
            LegCount += pool.LegCount;
        }

        Grow(NodeCount, LegCount);
        int at = 0, hub = TokenCount;
        for (int i = 0; i < pools.Length; i++)
        {
            RoutingPool pool = pools[i];
            if (pool.IsPair)
            {
                LayPair(pool, i, at);
                mostReceived = Math.Max(mostReceived, MostOf(pool));
                at += 2;
                continue;
            }

            int count = pool.LegCount;
            for (int leg = 0; leg < count; leg++)
                LayLeg(pool, i, leg, at + leg, hub);
            PairAll(at, at + count);
            at += count;
            hub += pool.HasHub ? 1 : 0;
        }

        return true;
    }

    private void LayPair(RoutingPool pool, int index, int leg)
    {
        int back = leg + 1;
        if (index >= pairsLaid)
        {
            LegPool[leg] = LegPool[back] = index;
            LegLocal[leg] = 0;
            LegLocal[back] = 1;
            LegOpposite[leg] = back;
            LegOpposite[back] = leg;
        }

        LegFrom[leg] = LegTo[back] = pool.FirstToken;
        LegFrom[back] = LegTo[leg] = pool.SecondToken;
        SetTerms(leg, in pool.Forth);
        SetTerms(back, in pool.Back);
        LegAlive[leg] = IsOpen(LegBest[leg]);
        LegAlive[back] = IsOpen(LegBest[back]);
    }

    private void LayLeg(RoutingPool pool, int index, int local, int leg, int hub)
    {
        LegPool[leg] = index;
        LegLocal[leg] = local;
        LegFrom[leg] = Node(pool, pool.LegInput(local), hub);
        LegTo[leg] = Node(pool, pool.LegOutput(local), hub);
        LegOpposite[leg] = -1;
        TakeTerms(leg, pool, local);
        LegAlive[leg] = IsOpen(LegBest[leg]);
    }

    private void TakeTerms(int leg, RoutingPool pool, int local)
    {
        LegTerms terms = pool.TermsOf(local);
        SetTerms(leg, in terms);
        mostReceived = Math.Max(mostReceived, terms.MostReceived);
        if (pool.IsPair)
            return;
        if (otherTerms.Length < LegPool.Length)
            Array.Resize(ref otherTerms, LegPool.Length);
        otherTerms[leg] = terms;
    }

    private void SetTerms(int leg, in LegTerms terms)
    {
        LegForms[leg] = terms.Form;
        LegBest[leg] = terms.Best;
        if (terms.Form is not (LegForm.Product or LegForm.Mean))
            return;
        LegTenderScale[leg] = terms.TenderScale;
        LegOutputScale[leg] = terms.OutputScale;
        if (terms.Form == LegForm.Mean)
            LegRatio[leg] = terms.Ratio;
        if (!IsAnyMeanBounded && terms.MostTender < double.PositiveInfinity && terms.Best > 0)
            IsAnyMeanBounded = true;
    }

    private static bool IsOpen(double best) => best > 0 && double.IsFinite(best);

    private void PairAll(int first, int end)
    {
        for (int leg = first; leg < end; leg++)
        {
            for (int other = first; other < leg; other++)
                Pair(other, leg);
        }
    }

    private void Pair(int leg, int other)
    {
        if (LegFrom[leg] != LegTo[other] || LegTo[leg] != LegFrom[other])
            return;
        LegOpposite[leg] = other;
        LegOpposite[other] = leg;
    }

    private static int Node(RoutingPool pool, int local, int hub) => local < pool.Tokens.Length ? pool.Tokens[local] : hub;

    private void Grow(int nodes, int legs)
    {
        if (Value.Length < nodes)
        {
            int size = Math.Max(nodes, 2 * Value.Length);
            Value = new double[size];
            Holding = new double[size];
            Reference = new double[size];
            NodeAlive = new bool[size];
            firstOfToken = new int[size];
            liveIn = new int[size];
            liveOut = new int[size];
            liveLinks = new int[size];
            queue = new int[size];
            part = new int[size];
            levels = new double[size];
            flag = new bool[size];
            dropped = new int[size];
            reason = new Reason[size];
        }

        if (LegPool.Length < legs)
        {
            int size = Math.Max(legs, 2 * LegPool.Length);
            LegPool = new int[size];
            LegLocal = new int[size];
            LegFrom = new int[size];
            LegTo = new int[size];
            LegOpposite = new int[size];
            LegAlive = new bool[size];
            LegBest = new double[size];
            pairsLaid = 0;
            LegForms = new LegForm[size];
            LegTenderScale = new double[size];
            LegOutputScale = new double[size];
            LegRatio = new double[size];
            nextOfToken = new int[2 * size];
            heap.Reserve(size);
        }
    }
}
