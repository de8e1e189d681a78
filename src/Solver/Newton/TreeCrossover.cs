using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Newton;

/// <summary>
/// Makes of the flows at any dual prices a trade that is feasible as printed. Pools keep their tender and give its forward quote; then, over a maximum spanning forest
/// of the trading pools by weight, from the leaves to roots that have a surplus and rest at their value, every token's imbalance goes into the pool
/// towards its root. To first order that costs nothing, since trading pools trade at marginal prices.
/// </summary>
internal sealed partial class TreeCrossover
{
    private const int Passes = 16;

    /// <summary>Passes after which what a token of next to no turnover, as a part of the dual, lacks is not looked for any more.</summary>
    private const int PassesBeforeCut = 2;
    private const double LeastDust = 1e-13;
    private const double MostDust = 1e-11;

    /// <summary>Changes of the pool above before what it did not bring counts as what it cannot: a quote is concave.</summary>
    private const int ClosingRounds = 4;
    private const int Exponents = 2048;

    /// <summary>More than a quote in doubles can be above the exact one.</summary>
    private const double QuoteError = 2e-15;

    /// <summary>Surplus, relative to the turnover, from which on a token can take what others leave.</summary>
    private const double RootSurplus = 1e-9;
    private const double Tolerated = 3e-13;

    /// <summary>Part of a flow that it must keep for the sums that are carried, and the turnover that is not, to be as good as new ones.</summary>
    private const double Kept = 0.999;
    private const double Margin = 2e-15;

    /// <summary>Part of a token's turnover that it must be short of, what its pools must be past their kink, and what a supply may lose of the dual.</summary>
    private const double Short = 1e-9;
    private const double PastKink = 1e-10;
    private const double SupplyLoss = 1e-13;

    /// <summary>The same of what pools tender that are stopped to supply others, and part of what those would gain that supplying them may lose.</summary>
    private const double StoppedWorth = 1e-10;
    private const double SuppliedPart = 0.5;
    private const int SupplyRounds = 4;

    private readonly PriceNewton newton;
    private readonly SecondCore core;
    private readonly Action<int, int> quotePools;
    private readonly int[] bucket = new int[Exponents + 1];
    private readonly CompensatedSums balance = new();
    private double[] gross = [];
    private int[] order = [], above = [], chain = [], next = [], set = [], visit = [], trading = [];
    private bool[] rooted = [];
    private bool[] served = [];
    private int[] turned = [], legBefore = [], unsupplied = [];
    private int turnedCount, unsuppliedCount;
    private bool isWhole, isExact;

    /// <summary>Whether a flow fell: turnovers are less than they were, and the digits of what it was may hide those of what is left in the carried sums.</summary>
    private bool hasFallen;

    /// <param name="newton">Whose prices and flows.</param>
    /// <param name="core">May quote half of the pools.</param>
    public TreeCrossover(PriceNewton newton, SecondCore core)
    {
        this.newton = newton;
        this.core = core;
        quotePools = QuotePools;
    }

    /// <summary>Per pool of <see cref="PriceNewton.Pools"/>: what is tendered on its trading leg, what is received.</summary>
    public double[] Tender { get; private set; } = [];

    public double[] Received { get; private set; } = [];

    /// <summary>c . psi of the trade.</summary>
    public double Profit { get; private set; }

    /// <summary>Nodes that were short at the prices, and no idle pool could bring what they lack.</summary>
    public ReadOnlySpan<int> Unsupplied => unsupplied.AsSpan(0, unsuppliedCount);

    /// <summary>Whether the last trade does without something that the prices would have it tender, since nothing that trades brings it: supplies may bring it.</summary>
    public bool GoesWithout { get; private set; }

    /// <summary>Whether the trade is feasible.</summary>
    /// <param name="exact">Quotes lose the last rounding only, at many times the cost.</param>
    /// <param name="supplies">Idle pools bring what nothing that trades does.</param>
    public bool Build(bool exact, bool supplies)
    {
        PricedPools pools = newton.Pools;
        Grow();
        Withdraw();
        Balance(exact);
        unsuppliedCount = 0;
        if (supplies)
            SupplyShortTokens(exact);
        GrowForest();
        GoesWithout = CutRootless();
        if (GoesWithout)
            Sum();
        int visited = Visit();
        bool feasible = false;
        double dust = LeastDust;
        for (int pass = 0; pass < Passes && !feasible; pass++)
        {
            for (int i = visited - 1; i >= 0; i--)
            {
                int j = visit[i];
                if (above[j] >= 0)
                    Close(j, exact);
                else if (balance[j] < -Tolerated * gross[j])
                    ScaleTenders(j, exact);
            }

            if (hasFallen)
                Sum();
            feasible = !AnyShort();
            if (feasible || pass < PassesBeforeCut)
                continue;
            CutDust(dust * newton.Dual, exact);
            dust = Math.Min(MostDust, 10 * dust);
        }

        Profit = 0;
        if (!feasible && !CutShortTokens())
            return false;
        DoubleDouble profit = DoubleDouble.Zero;
        for (int j = 0; j < pools.NodeCount; j++)
            profit += (balance.Exact(j) - pools.Holding[j]) * pools.Value[j];
        Profit = profit.Nearest();
        return true;
    }

    /// <summary>Another problem begins.</summary>
    public void Begin() => turnedCount = unsuppliedCount = 0;

    /// <summary>Pools that were turned to supply a token are again as the prices have them.</summary>
    public void Withdraw()
    {
        for (int i = turnedCount - 1; i >= 0; i--)
            newton.Pools.Leg[turned[i]] = legBefore[i];
        turnedCount = 0;
    }

    private double Quote(int p, double tender, bool exact) =>
        tender == 0 ? 0 : exact ? newton.Pools.ExactQuote(p, tender) : newton.Pools.Quote(p, tender) * (1 - QuoteError);

    private void Balance(bool exact)
    {
        isExact = exact;
        core.Halve(newton.Pools.Count, quotePools);
        Sum();
    }

    private void QuotePools(int first, int end)
    {
        PricedPools pools = newton.Pools;
        int p = isExact ? first : pools.TakeQuoted(first, end, Tender, Received, 1 - QuoteError);
        for (; p < end; p++)
        {
            Tender[p] = pools.Tender[p];
            Received[p] = pools.Leg[p] < 0 ? 0 : isExact || !pools.IsQuoted(p) ? Quote(p, Tender[p], isExact) : pools.Received[p] * (1 - QuoteError);
            if (Received[p] > 0 && Tender[p] > 0 && double.IsFinite(Received[p]))
                continue;
            Tender[p] = Received[p] = 0;
        }
    }

    private void Sum()
    {
        PricedPools pools = newton.Pools;
        hasFallen = false;
        balance.Begin(pools.Holding, pools.NodeCount);
        Array.Clear(gross, 0, pools.NodeCount);
        for (int p = 0; p < pools.Count; p++)
        {
            if (Tender[p] > 0)
                Add(p, Tender[p], Received[p]);
        }
    }

    private void Add(int p, double tender, double received)
    {
        PricedPools pools = newton.Pools;
        (int from, int into) = pools.Leg[p] == 0 ? (pools.From[p], pools.To[p]) : (pools.To[p], pools.From[p]);
        balance.Add(from, -tender);
        balance.Add(into, received);
        gross[from] += Math.Abs(tender);
        gross[into] += Math.Abs(received);
    }

    /// <summary>Moves the balance of a token to next to nothing through the pool above it.</summary>
    private void Close(int j, bool exact)
    {
        PricedPools pools = newton.Pools;
        for (int round = 0; round < ClosingRounds; round++)
        {
            double need = (Margin * gross[j]) - balance[j];
            if (need <= 0 && -need <= 4 * Margin * gross[j])
                return;
            int p = above[j];
            (int from, int into) = pools.Leg[p] == 0 ? (pools.From[p], pools.To[p]) : (pools.To[p], pools.From[p]);
            double change = into == j ? need * (newton.Price[into] / newton.Price[from]) : -need;
            double before = Tender[p];
            SetTender(p, Math.Clamp(before + change, 0, pools.MostTender(p)), exact);
            if (balance[j] >= -Tolerated * gross[j])
                return;
            if (into != j || Tender[p] == before)
                break;
        }

        ScaleTenders(j, exact);
    }

    /// <summary>What the pool above cannot bring the token's other pools do without.</summary>
    private void ScaleTenders(int j, bool exact)
    {
        PricedPools pools = newton.Pools;
        GoesWithout = true;
        double tendered = 0;
        foreach (int p in pools.IncidentTo(j))
            tendered += Takes(p, j) ? Tender[p] : 0;
        double part = Math.Max(0, (tendered + balance[j]) / tendered * (1 - Margin));
        foreach (int p in pools.IncidentTo(j))
        {
            if (Takes(p, j))
                SetTender(p, part * Tender[p], exact);
        }
    }

    private bool Takes(int p, int j) => Tender[p] > 0 && (newton.Pools.Leg[p] == 0 ? newton.Pools.From[p] : newton.Pools.To[p]) == j;

    private void SetTender(int p, double tender, bool exact)
    {
        PricedPools pools = newton.Pools;
        (int from, int into) = pools.Leg[p] == 0 ? (pools.From[p], pools.To[p]) : (pools.To[p], pools.From[p]);
        double received = Quote(p, tender, exact);
        if (!(received > 0))
            tender = received = 0;
        hasFallen |= tender < Kept * Tender[p];
        balance.Add(from, Tender[p]);
        balance.Add(from, -tender);
        balance.Add(into, -Received[p]);
        balance.Add(into, received);
        Tender[p] = tender;
        Received[p] = received;
    }

    /// <summary>Tenders of tokens that stay short and turn over nothing beside the dual go; what that takes from others the next pass closes, which do not go for it.</summary>
    private void CutDust(double least, bool exact)
    {
        PricedPools pools = newton.Pools;
        GoesWithout = true;
        for (int j = 0; j < pools.NodeCount; j++)
        {
            if (!(balance[j] < -Tolerated * gross[j]) || gross[j] * newton.Price[j] > least)
                continue;
            foreach (int p in pools.IncidentTo(j))
            {
                if (Takes(p, j))
                    SetTender(p, 0, exact);
            }
        }
    }

    /// <summary>What is still short: its tenders go, and those that this leaves short.</summary>
    private bool CutShortTokens()
    {
        PricedPools pools = newton.Pools;
        GoesWithout = true;
        for (int round = 0; round < Passes; round++)
        {
            Sum();
            if (!AnyShort())
                return true;
            for (int p = 0; p < pools.Count; p++)
            {
                int from = pools.Leg[p] == 0 ? pools.From[p] : pools.To[p];
                if (Tender[p] > 0 && balance[from] < -Tolerated * gross[from])
                    Tender[p] = Received[p] = 0;
            }
        }

        Sum();
        return !AnyShort();
    }

    private bool AnyShort()
    {
        for (int j = 0; j < newton.Pools.NodeCount; j++)
        {
            if (balance[j] < -Tolerated * gross[j])
                return true;
        }

        return false;
    }

    private void Grow()
    {
        PricedPools pools = newton.Pools;
        balance.Grow(pools.NodeCount);
        if (gross.Length <= pools.NodeCount)
        {
            int size = Math.Max(pools.NodeCount + 1, 2 * gross.Length);
            gross = new double[size];
            above = new int[size];
            chain = new int[size];
            set = new int[size];
            visit = new int[size];
            unsupplied = new int[size];
            served = new bool[size];
            rooted = new bool[size];
        }

        if (Tender.Length < pools.Count)
        {
            int size = Math.Max(pools.Count, 2 * Tender.Length);
            Tender = new double[size];
            Received = new double[size];
            order = new int[size];
            turned = new int[2 * size];
            legBefore = new int[2 * size];
            trading = new int[size];
            next = new int[2 * size];
        }
    }
}
