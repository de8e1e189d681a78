namespace QTrade.Solver;

/// <summary>
/// The legs of a problem's pools as directed links between tokens and hubs, and which of them can take part in an answer at all. Tokens
/// left out get a price afterwards at which their legs idle, so that the certificate covers them.
/// </summary>
internal sealed class RoutingGraph
{
    /// <summary>Pools that are looked at before they are laid.</summary>
    private const int Block = 32;

    // Per node: its chain of legs (entry 2 leg for a leg out of it, 2 leg + 1 for one into it), counts of live ones, scratch.
    private int[] nextOfToken = [];
    private int[] firstOfToken = [];
    private int[] liveIn = [];
    private int[] liveOut = [];
    private int[] liveLinks = [];
    private int[] queue = [];
    private int[] part = [];
    private double[] levels = [];
    private bool[] flag = [];
    private readonly NodeHeap heap = new();

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

    public int TokenCount { get; private set; }

    public int NodeCount { get; private set; }

    public int LegCount { get; private set; }

    /// <summary>Per leg: pool, leg within the pool, nodes, the leg the other way (or -1), whether it takes part.</summary>
    public int[] LegPool = [];
    public int[] LegLocal = [];
    public int[] LegFrom = [];
    public int[] LegTo = [];
    public int[] LegOpposite = [];
    public bool[] LegAlive = [];

    /// <summary>Per leg: most output per unit tendered, after fees; 0 when it has no edges.</summary>
    public double[] LegBest = [];

    /// <summary>Per leg: how it answers to prices; of one of constant mean X and Y of received = Y (1 - (1 + tender / X)^-r), of one whose r is not 1 that too.</summary>
    public LegForm[] LegForms = [];
    public double[] LegTenderScale = [];
    public double[] LegOutputScale = [];
    public double[] LegRatio = [];

    /// <summary>Whether there is a leg of constant mean that takes no more than so much.</summary>
    public bool IsAnyMeanBounded { get; private set; }

    /// <summary>No less than any leg can give; NaN where one tells none.</summary>
    public double MostReceived => Math.Max(mostReceived, mostInSecondHalf);

    /// <summary>Per node: c and h (0 for hubs), a price that the market itself suggests, whether any leg of it takes part.</summary>
    public double[] Value = [];
    public double[] Holding = [];
    public double[] Reference = [];
    public bool[] NodeAlive = [];

    private readonly SecondCore core;
    private readonly Action<int, int> layPairs;
    private RoutingPool[] pools = [];

    // What pools that keep no terms say of their legs, asked for once per load.
    private LegTerms[] otherTerms = [];

    // Pools up to which the arrays say what they do wherever all pools have two legs each.
    private int pairsLaid;
    private double mostReceived, mostInSecondHalf;
    private volatile bool anyOther;

    /// <param name="core">May lay half of the pools; null for none.</param>
    public RoutingGraph(SecondCore? core = null)
    {
        this.core = core ?? new();
        layPairs = LayPairs;
    }

    /// <summary>Loads a problem whose tokens are in order; false where a pool is not.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="refersLater">Whether <see cref="Reference"/> is not asked for before <see cref="ReferAnew"/>.</param>
    public bool TryLoad(RoutingProblem problem, bool refersLater = false)
    {
        if (!TryLay(problem))
            return false;
        droppedCount = 0;
        Array.Copy(Value, Reference, NodeCount);
        if (!IsAllValued() || !IsAllFed())
        {
            ChainLegs();
            if (!refersLater)
                FindReferences();
            DropWorthless();
            DropDryAndLeaves();
        }

        for (int j = 0; j < NodeCount; j++)
            NodeAlive[j] = liveIn[j] + liveOut[j] > 0;
        FindParts();
        return true;
    }

    /// <summary>
    /// Takes what a loaded pool has become. False, and the problem is to be loaded anew, where that could change which legs take part or how they answer; <see cref="Reference"/> stays as it was
    /// until <see cref="ReferAnew"/>.
    /// </summary>
    public bool TryReplace(int firstLeg, RoutingPool pool)
    {
        if (pool.LegCount != 2 || pool.HasHub || LegOpposite[firstLeg] != firstLeg + 1)
            return false;
        bool wasTight = IsTight(firstLeg);
        bool isAlike = TryReplaceLeg(firstLeg, pool, 0) & TryReplaceLeg(firstLeg + 1, pool, 1);
        pools[LegPool[firstLeg]] = pool;
        return isAlike && wasTight == IsTight(firstLeg);
    }

    private bool TryReplaceLeg(int leg, RoutingPool pool, int local)
    {
        (LegForm form, bool wasOpen) = (LegForms[leg], IsOpen(LegBest[leg]));
        TakeTerms(leg, pool, local);
        return form == LegForms[leg] && wasOpen == IsOpen(LegBest[leg]);
    }

    /// <summary>All that a leg's pool says of it.</summary>
    public ref readonly LegTerms TermsOf(int leg)
    {
        RoutingPool pool = pools[LegPool[leg]];
        if (!pool.IsPair)
            return ref otherTerms[leg];
        return ref LegLocal[leg] == 0 ? ref pool.Forth : ref pool.Back;
    }

    /// <summary>Finds the references of the pools as they are now; whether any is another.</summary>
    public bool ReferAnew()
    {
        if (IsAllValued() && IsAllFed())
            return false;
        Reference.AsSpan(0, NodeCount).CopyTo(levels);
        FindReferences();
        return !Reference.AsSpan(0, NodeCount).SequenceEqual(levels.AsSpan(0, NodeCount));
    }

    /// <summary>Whether every pool has two legs, one behind the other.</summary>
    public bool IsAllPairs => !anyOther;

    /// <summary>Whether anything can take part in an answer.</summary>
    public bool HasLiveLegs => Array.IndexOf(LegAlive, true, 0, LegCount) >= 0;

    /// <summary>The least node of the connected part that a live node is in.</summary>
    public int Part(int node) => part[node];

    /// <summary>Whether going forth and back through the pool at the margin gains nothing, as in every pool whose curve is one curve.</summary>
    public bool IsTight(int leg) => LegOpposite[leg] < 0 || LegBest[leg] * LegBest[LegOpposite[leg]] <= 1 + 1e-12;

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

    /// <summary>
    /// Scales the prices of every connected part down until one of them meets its token's value: arb is homogeneous, so the bound only falls.
    /// </summary>
    public void LowerLevels(Span<double> prices)
    {
        Array.Clear(levels, 0, NodeCount);
        for (int j = 0; j < NodeCount; j++)
        {
            if (NodeAlive[j])
                levels[part[j]] = Math.Max(levels[part[j]], Value[j] / prices[j]);
        }

        for (int j = 0; j < NodeCount; j++)
        {
            if (NodeAlive[j] && levels[part[j]] is var level && level < 1)
                prices[j] = Math.Max(Value[j], prices[j] * level);
        }
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

    private void ChainLegs()
    {
        Array.Fill(firstOfToken, -1, 0, NodeCount);
        for (int leg = 0; leg < LegCount; leg++)
        {
            Chain(LegFrom[leg], 2 * leg);
            Chain(LegTo[leg], (2 * leg) + 1);
        }
    }

    /// <summary>Numbers every live node with the least node that live legs join it to.</summary>
    private void FindParts()
    {
        int parts = NodeCount;
        for (int j = 0; j < NodeCount; j++)
            part[j] = j;
        for (int leg = 0; leg < LegCount && parts > 1; leg++)
        {
            if (!LegAlive[leg] || (LegOpposite[leg] < leg && LegOpposite[leg] >= 0 && LegAlive[LegOpposite[leg]]))
                continue;
            int a = PartOf(LegFrom[leg]), b = PartOf(LegTo[leg]);
            parts -= a == b ? 0 : 1;
            part[Math.Max(a, b)] = Math.Min(a, b);
        }

        for (int j = 0; j < NodeCount; j++)
            part[j] = PartOf(j);
    }

    private int PartOf(int node)
    {
        while (part[node] != node)
        {
            part[node] = part[part[node]];
            node = part[node];
        }

        return node;
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
            most = Math.Max(most, Math.Max(pool.Forth.MostReceived, pool.Back.MostReceived));
        }

        return true;
    }

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
                mostReceived = Math.Max(mostReceived, Math.Max(pool.Forth.MostReceived, pool.Back.MostReceived));
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
        if (terms.MostTender < double.PositiveInfinity && terms.Best > 0)
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

    private void Chain(int node, int entry)
    {
        nextOfToken[entry] = firstOfToken[node];
        firstOfToken[node] = entry;
    }

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
