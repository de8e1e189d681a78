namespace QTrade.Solver.Warm;

/// <summary>What the pools do at prices, one by one or four at a time, and the sums that follow.</summary>
internal sealed partial class MarketState
{
    // Pools that wait for others of their shape.
    private readonly WarmLanes products = new(areProducts: true), fourToOnes = new(areProducts: false);

    // Whether leaves were set since the last commit that were not entered.
    private bool areLeavesSet;

    /// <summary>
    /// Whether pools that are evaluated four at a time keep the best flow at once and set their leaves, until <see cref="EvaluateWaiting"/> has ended: where all pools are evaluated this spares going over them once more.
    /// </summary>
    public bool KeepsAtOnce { get; set; }

    /// <summary>Takes prices for all tokens and evaluates every pool there.</summary>
    public void EvaluateAll(ReadOnlySpan<double> prices)
    {
        prices[..TokenCount].CopyTo(Price);
        for (int p = 0; p < Pools.Count; p++)
            EvaluateSoon(p);
        EvaluateWaiting();
    }

    /// <summary>Evaluates a pool at its tokens' prices. Sums are not carried along.</summary>
    public void Evaluate(int p)
    {
        ref WarmPool pool = ref Pools[p];
        if (!Pools.Evaluate(p, Price[pool.First], Price[pool.Second]))
            Misprice(p);
        SetEdges(ref pool);
        Touch(p, ref pool);
    }

    private void SetEdges(ref WarmPool pool)
    {
        EdgeWeights.Set(pool.LeafFirst, pool.Weight);
        EdgeWeights.Set(pool.LeafSecond, pool.Weight);
    }

    /// <summary>Evaluates a pool at its tokens' prices and carries their flows and weights along.</summary>
    public void EvaluateCarried(int p)
    {
        ref WarmPool pool = ref Pools[p];
        WarmContribution before = new(in pool);
        Evaluate(p);
        Carry(in pool, in before);
    }

    /// <summary>The same, at the latest with <see cref="EvaluateWaiting"/>: pools of one shape are evaluated four at a time.</summary>
    public void EvaluateSoon(int p)
    {
        ref WarmPool pool = ref Pools[p];
        if (!pool.IsUsable || pool.Shape is not (WarmShape.Product or WarmShape.FourToOne))
        {
            EvaluateCarried(p);
            return;
        }

        WarmLanes lanes = pool.Shape == WarmShape.Product ? products : fourToOnes;
        lanes.Add(p, in pool);
        if (lanes.IsFull)
            Evaluate(lanes);
    }

    /// <summary>Evaluates the pools that still wait for others.</summary>
    public void EvaluateWaiting()
    {
        Evaluate(products);
        Evaluate(fourToOnes);
        KeepsAtOnce = false;
    }

    private void Evaluate(WarmLanes lanes)
    {
        lanes.Evaluate(Pools, Price);
        ReadOnlySpan<int> waiting = lanes.Waiting;
        for (int i = 0; i < waiting.Length; i++)
        {
            int p = waiting[i];
            if (!lanes.Has(i))
                EvaluateCarried(p);
            else
                TakeEvaluation(p, ref Pools[p], in lanes.Before(i));
        }

        lanes.Clear();
    }

    private void TakeEvaluation(int p, ref WarmPool pool, in WarmContribution before)
    {
        SetEdges(ref pool);
        Carry(in pool, in before);
        if (!KeepsAtOnce)
        {
            Touch(p, ref pool);
            return;
        }

        if (!pool.KeepsBest)
            KeepCarried(p, ref pool, pool.Leg, pool.Tender);
        SetLeaves(p, ref pool);
        areLeavesSet = true;
    }

    private void Carry(in WarmPool pool, in WarmContribution before)
    {
        ref WarmToken first = ref Tokens[pool.First], second = ref Tokens[pool.Second];
        first.Flow += pool.FlowFirst - before.FlowFirst;
        second.Flow += pool.FlowSecond - before.FlowSecond;
        first.Weight = Math.Max(pool.Weight, first.Weight + (pool.Weight - before.Weight));
        second.Weight = Math.Max(pool.Weight, second.Weight + (pool.Weight - before.Weight));
    }

    private void Misprice(int p)
    {
        IsMispriced = true;
        Pools.Misprice(p);
    }
}
