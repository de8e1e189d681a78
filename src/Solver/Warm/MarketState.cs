using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Warm;

/// <summary>
/// A problem at prices and with kept flows: what the pools do at the prices, what they are given and give, and what all this sums to per token and over the market. Within a solve sums are
/// carried along; <see cref="Commit"/> replaces them by those over fixed trees in the problem's order, of which only the ways from changed leaves are computed. So after a commit every
/// number is a function of problem, prices and kept tenders alone, whatever came before.
/// </summary>
internal sealed partial class MarketState
{
    private const int FewPools = 24;

    /// <summary>Surplus, relative to the turnover, from which on a token can take what others leave.</summary>
    private const double RootSurplus = 1e-9;

    private readonly TokenSums tokenSums = new();
    private int[] placed = [];
    private int[] overwritten = [];
    private int overwrittenCount;
    private int poolStamp, tokenStamp;


    public WarmPools Pools { get; } = new();

    public PoolSums Sums { get; } = new();

    public int TokenCount { get; private set; }

    /// <summary>Counts the layouts: within one every pool trades the tokens that it did.</summary>
    public int Layout { get; private set; }

    /// <summary>Per token: nu.</summary>
    public double[] Price { get; private set; } = [];

    public WarmToken[] Tokens { get; private set; } = [];

    /// <summary>Per token: where its pools begin in <see cref="Incident"/>, in the problem's order.</summary>
    public int[] FirstIncident { get; private set; } = [];

    public int[] Incident { get; private set; } = [];

    /// <summary>Per entry of <see cref="Incident"/>: the pool's other token.</summary>
    public int[] OtherEnd { get; private set; } = [];

    /// <summary>Per entry of <see cref="Incident"/>: the pool's weight.</summary>
    public EdgeWeights EdgeWeights { get; } = new();

    /// <summary>Per token: what it would take off the dual to move its price, about; what its kept surplus wastes, infinity where it is short.</summary>
    public double[] Energy { get; private set; } = [];

    public double[] Waste { get; private set; } = [];

    /// <summary>Pools whose evaluation or kept flow changed since the last commit, tokens whose sums did.</summary>
    public int[] TouchedPools { get; private set; } = [];

    public int TouchedPoolCount { get; private set; }

    public int[] TouchedTokens { get; private set; } = [];

    public int TouchedTokenCount { get; private set; }

    /// <summary>Whether a token left out is priced so that a pool of it would gain.</summary>
    public bool IsMispriced { get; private set; }

    /// <summary>Lays the arrays for a problem whose pools <see cref="Pools"/> has taken.</summary>
    public void Lay(RoutingProblem problem)
    {
        TokenCount = problem.TokenCount;
        Layout++;
        Grow(problem.TokenCount, problem.Pools.Length);
        for (int j = 0; j < TokenCount; j++)
            (Tokens[j].Value, Tokens[j].Holding) = (problem.Values[j], problem.Holdings[j]);
        Array.Clear(FirstIncident, 0, TokenCount + 1);
        int pools = Pools.Count;
        for (int p = 0; p < pools; p++)
        {
            FirstIncident[Pools[p].First + 1]++;
            FirstIncident[Pools[p].Second + 1]++;
        }

        for (int j = 0; j < TokenCount; j++)
        {
            FirstIncident[j + 1] += FirstIncident[j];
            placed[j] = 0;
        }

        for (int p = 0; p < pools; p++)
        {
            ref WarmPool pool = ref Pools[p];
            pool.LeafFirst = Place(pool.First, p, pool.Second);
            pool.LeafSecond = Place(pool.Second, p, pool.First);
        }

        EdgeWeights.Begin(2 * pools);
        tokenSums.Begin(FirstIncident, TokenCount);
        Sums.Begin(pools);
        TouchedPoolCount = TouchedTokenCount = overwrittenCount = 0;
        poolStamp++;
        tokenStamp++;
        IsMispriced = areLeavesSet = KeepsAtOnce = false;
        products.Clear();
        fourToOnes.Clear();
    }

    /// <summary>Gives the pool a tender to keep, and carries the balances along.</summary>
    public void Keep(int p, int leg, double tender)
    {
        ref WarmPool pool = ref Pools[p];
        KeepCarried(p, ref pool, leg, tender);
        Touch(p, ref pool);
    }

    private void KeepCarried(int p, ref WarmPool pool, int leg, double tender)
    {
        int before = pool.KeptLeg;
        double tenderBefore = pool.KeptTender, receivedBefore = pool.KeptReceived;
        Take(p, ref pool, leg, tender);
        if (before == pool.KeptLeg)
        {
            Carry(in pool, before, pool.KeptTender - tenderBefore, pool.KeptReceived - receivedBefore);
        }
        else
        {
            Carry(in pool, before, -tenderBefore, -receivedBefore);
            Carry(in pool, pool.KeptLeg, pool.KeptTender, pool.KeptReceived);
        }

        TouchToken(pool.First);
        TouchToken(pool.Second);
    }

    /// <summary>The kept flow without carrying sums, before the first commit.</summary>
    public void Start(int p, int leg, double tender)
    {
        ref WarmPool pool = ref Pools[p];
        Take(p, ref pool, leg, tender);
        Touch(p, ref pool);
    }

    private void Take(int p, ref WarmPool pool, int leg, double tender)
    {
        double received = leg < 0 ? 0 : Pools.Quote(p, leg, tender);
        bool any = received > 0;
        pool.KeptLeg = any ? leg : -1;
        pool.KeptTender = any ? tender : 0;
        pool.KeptReceived = any ? received : 0;
    }

    private void Touch(int p, ref WarmPool pool)
    {
        if (pool.Mark != poolStamp)
        {
            pool.Mark = poolStamp;
            TouchedPools[TouchedPoolCount++] = p;
        }
    }

    public void TouchToken(int j)
    {
        ref int mark = ref Tokens[j].Mark;
        if (mark != tokenStamp)
        {
            mark = tokenStamp;
            TouchedTokens[TouchedTokenCount++] = j;
        }
    }

    /// <summary>A sum of the token was found in another order than the tree's: <see cref="Commit"/> takes the tree's.</summary>
    public void Overwrite(int j)
    {
        ref int mark = ref Tokens[j].OverwrittenMark;
        if (mark == tokenStamp)
            return;
        mark = tokenStamp;
        overwritten[overwrittenCount++] = j;
    }

    /// <summary>What the kept flow of a pool loses against the best one at the prices, to second order where it goes the same way.</summary>
    public double Loss(int p)
    {
        ref WarmPool pool = ref Pools[p];
        if (pool.KeepsBest)
            return 0;
        int leg = pool.Leg, kept = pool.KeptLeg;
        if (kept < 0)
            return Pools.Value(p, Price[pool.First], Price[pool.Second]);
        if (leg != kept)
            return Pools.Value(p, Price[pool.First], Price[pool.Second]) + Math.Max(0, (Price[pool.From(kept)] * pool.KeptTender) - (Price[pool.Into(kept)] * pool.KeptReceived));
        double worth = (pool.Tender - pool.KeptTender) * Price[pool.From(leg)], square = worth * worth;
        return square > 0 ? square / (2 * pool.Weight) : 0;
    }

    /// <summary>Replaces carried sums by those of the trees.</summary>
    public void Commit()
    {
        bool areMost = areLeavesSet || TouchedPoolCount > Pools.Count / 2;
        areLeavesSet = false;
        for (int i = 0; i < TouchedPoolCount; i++)
        {
            int p = TouchedPools[i];
            SetLeaves(p, ref Pools[p]);
            if (!areMost)
                EnterLeaves(p, ref Pools[p]);
        }

        foreach (int j in areMost ? tokenSums.UpdateAll() : tokenSums.Update())
            TouchToken(j);
        for (int i = 0; i < TouchedTokenCount; i++)
            TakeSums(TouchedTokens[i]);
        for (int i = 0; i < overwrittenCount; i++)
        {
            if (Tokens[overwritten[i]].Mark != tokenStamp)
                TakeSums(overwritten[i]);
        }

        if (areMost)
            Sums.UpdateAll();
        else
            Sums.Update();
        TouchedPoolCount = TouchedTokenCount = overwrittenCount = 0;
        poolStamp++;
        tokenStamp++;
    }

    /// <summary>Whether the token rests at its value.</summary>
    public bool IsAtValue(int j) => Tokens[j].IsAt(Price[j]);

    /// <summary>Whether the token rests at its value with a surplus, so that it can take what others leave.</summary>
    public bool IsRoot(int j)
    {
        ref WarmToken token = ref Tokens[j];
        return token.IsAt(Price[j]) && token.Balance.Nearest > RootSurplus * token.Gross;
    }

    /// <summary>Whether the pool trades in earnest and can bring the token so much value, or take it away.</summary>
    public bool CanPass(in WarmPool pool, int j, bool brings, double worth)
    {
        int leg = pool.Leg;
        if (leg < 0 || (pool.KeptLeg >= 0 && pool.KeptLeg != leg))
            return false;
        double most = pool.MostTender(leg);
        if (pool.Tender >= most)
            return false;
        double change = worth / Price[pool.From(leg)];
        return brings == (pool.Into(leg) == j) ? pool.KeptTender + change < most : pool.KeptTender > change;
    }

    /// <summary>The measures that follow from a token's sums.</summary>
    public void Measure(int j)
    {
        ref WarmToken token = ref Tokens[j];
        double price = Price[j], s = price * token.Flow;
        Energy[j] = token.Weight > 0 && !(token.IsAt(price) && s >= 0) ? s * s / (2 * token.Weight) : 0;
        Waste[j] = token.IsShort || token.Balance.Nearest < 0 ? double.PositiveInfinity : (price - token.Value) * token.Balance.Nearest;
    }

    /// <summary>Sums what is carried for a token of few pools anew, so that flows that came and went leave nothing behind.</summary>
    public void SumAnewIfSmall(int j)
    {
        if (FirstIncident[j + 1] - FirstIncident[j] > FewPools)
            return;
        Overwrite(j);
        ref WarmToken token = ref Tokens[j];
        token.Balance = new(token.Holding);
        double gross = 0;
        for (int q = FirstIncident[j]; q < FirstIncident[j + 1]; q++)
        {
            ref WarmPool pool = ref Pools[Incident[q]];
            if (pool.KeptLeg < 0)
                continue;
            bool takes = pool.From(pool.KeptLeg) == j;
            token.Balance.Add(takes ? -pool.KeptTender : pool.KeptReceived);
            gross += takes ? pool.KeptTender : pool.KeptReceived;
        }

        token.Gross = gross;
    }

    private void TakeSums(int j)
    {
        ref WarmToken token = ref Tokens[j];
        DoubleDouble balance = token.Holding;
        token.Flow = token.Holding;
        token.Weight = token.Gross = 0;
        if (FirstIncident[j + 1] > FirstIncident[j])
        {
            ref readonly TokenSums.Node sum = ref tokenSums.Of(j);
            token.Flow += sum.Flow;
            token.Weight = sum.Weight;
            token.Gross = sum.Gross;
            balance += DoubleDouble.Sum(sum.BalanceHigh, sum.BalanceLow);
        }

        token.Balance = new(balance);
        Measure(j);
    }

    private void Carry(in WarmPool pool, int leg, double tender, double received)
    {
        if (leg < 0)
            return;
        ref WarmToken from = ref Tokens[pool.From(leg)], into = ref Tokens[pool.Into(leg)];
        from.Balance.Add(-tender);
        into.Balance.Add(received);
        from.Gross += tender;
        into.Gross += received;
    }

    /// <summary>Whether that is so of a pool as it is now: one that moved twice may have made it so and not so.</summary>
    public bool AnyMispriced()
    {
        for (int p = 0; p < Pools.Count; p++)
        {
            if (double.IsPositiveInfinity(Pools[p].Value))
                return true;
        }

        return false;
    }

    /// <summary>Forgets that a token was mispriced, once its price is another.</summary>
    public void ForgetMispricing() => IsMispriced = false;

    private void SetLeaves(int p, ref WarmPool pool)
    {
        int kept = pool.KeptLeg;
        double tender = pool.KeptTender, received = pool.KeptReceived, valueFirst = Tokens[pool.First].Value, valueSecond = Tokens[pool.Second].Value;
        double weight = pool.Weight;
        tokenSums.Set(pool.LeafFirst, pool.FlowFirst, weight, kept == 0 ? -tender : kept == 1 ? received : 0);
        tokenSums.Set(pool.LeafSecond, pool.FlowSecond, weight, kept == 0 ? received : kept == 1 ? -tender : 0);
        double gained = kept < 0 ? 0 : (kept == 0 ? valueSecond : valueFirst), spent = kept < 0 ? 0 : (kept == 0 ? valueFirst : valueSecond);
        Sums.Set(p, Pools.Value(p, Price[pool.First], Price[pool.Second]), gained, received, spent, tender, Loss(p));
    }

    private void EnterLeaves(int p, ref WarmPool pool)
    {
        tokenSums.Enter(pool.First, pool.LeafFirst);
        tokenSums.Enter(pool.Second, pool.LeafSecond);
        Sums.Enter(p);
    }

    /// <summary>Enters a pool at a token; answers its leaf.</summary>
    private int Place(int j, int p, int other)
    {
        int leaf = FirstIncident[j] + placed[j]++;
        Incident[leaf] = p;
        OtherEnd[leaf] = other;
        return leaf;
    }

    private void Grow(int tokens, int pools)
    {
        if (Price.Length < tokens)
        {
            Price = new double[tokens];
            Tokens = new WarmToken[tokens];
            FirstIncident = new int[tokens + 1];
            Energy = new double[tokens];
            Waste = new double[tokens];
            placed = new int[tokens];
            overwritten = new int[tokens];
            TouchedTokens = new int[tokens];
        }

        if (TouchedPools.Length < pools)
        {
            Incident = new int[2 * pools];
            OtherEnd = new int[2 * pools];
            TouchedPools = new int[pools];
        }
    }
}
