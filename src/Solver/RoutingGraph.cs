namespace QTrade.Solver;

/// <summary>
/// The legs of a problem's pools as directed links between tokens and hubs, and which of them can take part in an answer at all. Tokens
/// left out get a price afterwards at which their legs idle, so that the certificate covers them.
/// </summary>
internal sealed partial class RoutingGraph
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

    /// <summary>Whether every pool has two legs, one behind the other.</summary>
    public bool IsAllPairs => !anyOther;

    /// <summary>Whether anything can take part in an answer.</summary>
    public bool HasLiveLegs => Array.IndexOf(LegAlive, true, 0, LegCount) >= 0;

    /// <summary>The least node of the connected part that a live node is in.</summary>
    public int Part(int node) => part[node];

    /// <summary>Whether the leg's pool has linear or near-linear pieces, for which a wider gap counts as optimal.</summary>
    public bool IsPiecewise(int leg) => LegForms[leg] is not (LegForm.Product or LegForm.Mean) && pools[LegPool[leg]].IsPiecewise;

    /// <summary>Whether going forth and back through the pool at the margin gains nothing, as in every pool whose curve is one curve.</summary>
    public bool IsTight(int leg) => LegOpposite[leg] < 0 || LegBest[leg] * LegBest[LegOpposite[leg]] <= 1 + 1e-12;

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

    private void Chain(int node, int entry)
    {
        nextOfToken[entry] = firstOfToken[node];
        firstOfToken[node] = entry;
    }
}
