namespace QTrade.Solver;

/// <summary>Nodes that can take no part in an answer are left out, and priced afterwards so that their legs idle.</summary>
internal sealed partial class RoutingGraph
{
    // Tokens left out, in the order in which they went.
    private int[] dropped = [];
    private Reason[] reason = [];
    private int droppedCount;

    private enum Reason : byte
    {
        /// <summary>It leads to no value: worth its market value of nothing.</summary>
        Worthless,

        /// <summary>Nothing can ever enter it: worth as much as makes selling it pointless.</summary>
        Dry,

        /// <summary>One link only, no value of its own: priced in the middle of its link's prices.</summary>
        Leaf,
    }

    /// <summary>
    /// Prices nodes that were left out, last one first, so that their legs idle. Nodes without a live leg that were never left out keep the
    /// price they have.
    /// </summary>
    public void PriceDropped(Span<double> prices)
    {
        Array.Fill(flag, true, 0, NodeCount);
        for (int i = 0; i < droppedCount; i++)
            flag[dropped[i]] = false;
        for (int i = droppedCount - 1; i >= 0; i--)
        {
            int j = dropped[i];
            flag[j] = true;
            prices[j] = reason[i] switch
            {
                Reason.Worthless => 0,
                Reason.Dry => Math.Max(Value[j], AskOf(j, prices) * (1 + 1e-12)),
                _ => LeafPrice(j, prices),
            };
        }
    }

    private double AskOf(int j, ReadOnlySpan<double> prices)
    {
        double ask = 0;
        for (int l = firstOfToken[j]; l >= 0; l = nextOfToken[l])
        {
            if ((l & 1) == 0 && flag[LegTo[l >> 1]])
                ask = Math.Max(ask, LegBest[l >> 1] * prices[LegTo[l >> 1]]);
        }

        return ask;
    }

    private double LeafPrice(int j, ReadOnlySpan<double> prices)
    {
        double low = 0, high = double.PositiveInfinity;
        for (int l = firstOfToken[j]; l >= 0; l = nextOfToken[l])
        {
            int leg = l >> 1;
            int other = LegFrom[leg] == j ? LegTo[leg] : LegFrom[leg];
            if (LegBest[leg] == 0 || !flag[other])
                continue;
            if (LegFrom[leg] == j)
                low = Math.Max(low, LegBest[leg] * prices[LegTo[leg]]);
            else
                high = Math.Min(high, prices[LegFrom[leg]] / LegBest[leg]);
        }

        if (double.IsPositiveInfinity(high))
            return low * (1 + 1e-12);
        return Math.Sqrt(low) * Math.Sqrt(high);
    }

    /// <summary>Whether something can enter every node that legs lead out of.</summary>
    private bool IsAllFed()
    {
        for (int j = 0; j < NodeCount; j++)
        {
            if (liveIn[j] == 0 && liveOut[j] > 0)
                return false;
        }

        return true;
    }

    /// <summary>Nodes from which no valued token can be reached are worth nothing, and legs into them are pointless.</summary>
    private void DropWorthless()
    {
        int tail = 0;
        for (int j = 0; j < NodeCount; j++)
        {
            flag[j] = Value[j] > 0;
            if (flag[j])
                queue[tail++] = j;
        }

        for (int head = 0; head < tail; head++)
        {
            int j = queue[head];
            for (int l = firstOfToken[j]; l >= 0; l = nextOfToken[l])
            {
                int leg = l >> 1;
                if ((l & 1) == 0 || !LegAlive[leg] || flag[LegFrom[leg]])
                    continue;
                flag[LegFrom[leg]] = true;
                queue[tail++] = LegFrom[leg];
            }
        }

        for (int j = 0; j < NodeCount; j++)
        {
            if (flag[j])
                continue;
            Drop(j, Reason.Worthless);
            for (int l = firstOfToken[j]; l >= 0; l = nextOfToken[l])
                Kill(l >> 1);
        }
    }

    /// <summary>Again and again: legs out of a token that nothing enters, and the one link of a token that has no value and no holding.</summary>
    private void DropDryAndLeaves()
    {
        int head = 0, tail = 0;
        for (int j = 0; j < NodeCount; j++)
        {
            liveLinks[j] = 0;
            for (int l = firstOfToken[j]; l >= 0; l = nextOfToken[l])
            {
                if (IsLinkOnce(l >> 1))
                    liveLinks[j]++;
            }

            flag[j] = true;
            queue[tail++] = j;
        }

        int waiting = tail;
        while (waiting > 0)
        {
            int j = queue[head];
            head = head + 1 == NodeCount ? 0 : head + 1;
            waiting--;
            flag[j] = false;
            if (liveIn[j] + liveOut[j] == 0 || Holding[j] > 0)
                continue;
            bool dry = liveIn[j] == 0;
            if (!dry && !(liveLinks[j] == 1 && Value[j] == 0 && LinkIsTight(j)))
                continue;
            Drop(j, dry ? Reason.Dry : Reason.Leaf);
            for (int l = firstOfToken[j]; l >= 0; l = nextOfToken[l])
            {
                int leg = l >> 1;
                if (!LegAlive[leg])
                    continue;
                Kill(leg);
                int other = LegFrom[leg] == j ? LegTo[leg] : LegFrom[leg];
                if (LegOpposite[leg] < 0 || !LegAlive[LegOpposite[leg]])
                {
                    liveLinks[other]--;
                    liveLinks[j]--;
                }

                if (flag[other])
                    continue;
                flag[other] = true;
                queue[tail == NodeCount ? tail = 0 : tail] = other;
                tail++;
                waiting++;
            }
        }
    }

    private bool IsLinkOnce(int leg) =>
        LegAlive[leg] && (LegOpposite[leg] < 0 || leg < LegOpposite[leg] || !LegAlive[LegOpposite[leg]]);

    private bool LinkIsTight(int j)
    {
        for (int l = firstOfToken[j]; l >= 0; l = nextOfToken[l])
        {
            if (LegAlive[l >> 1] && !IsTight(l >> 1))
                return false;
        }

        return true;
    }

    private void Kill(int leg)
    {
        if (!LegAlive[leg])
            return;
        LegAlive[leg] = false;
        liveOut[LegFrom[leg]]--;
        liveIn[LegTo[leg]]--;
    }

    private void Drop(int node, Reason why)
    {
        dropped[droppedCount] = node;
        reason[droppedCount++] = why;
    }
}
