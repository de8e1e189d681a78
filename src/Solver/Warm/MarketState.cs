using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Warm;

/// <summary>
/// A problem at prices and with kept flows: what the pools do at the prices, what they are given and give, and what all this sums to per token and over the market. Within a solve sums are
/// carried along; <see cref="Commit"/> replaces them by those over fixed binary trees in the problem's order, of which only the ways from changed leaves are computed. So after a commit every
/// number is a function of problem, prices and kept tenders alone, whatever came before.
/// </summary>
internal sealed class MarketState
{
    private const int FewPools = 24;

    private Node[] nodes = [];
    private int[] leafFirst = [], leafSecond = [], touchedLeaves = [];
    private int[] poolMark = [], tokenMark = [];
    private int poolStamp, tokenStamp;

    private struct Node
    {
        public double Flow;
        public double Weight;
        public double Gross;
        public DoubleDouble Balance;
    }

    public WarmPools Pools { get; } = new();

    public PoolSums Sums { get; } = new();

    public int TokenCount { get; private set; }

    /// <summary>Per token: nu, c, h.</summary>
    public double[] Price { get; private set; } = [];

    public double[] Value { get; private set; } = [];

    public double[] Holding { get; private set; } = [];

    /// <summary>Per token: where its pools begin in <see cref="Incident"/>, in the problem's order.</summary>
    public int[] FirstIncident { get; private set; } = [];

    public int[] Incident { get; private set; } = [];

    /// <summary>Per token: psi + h of what is best at the prices, sum of edge weights.</summary>
    public double[] Flow { get; private set; } = [];

    public double[] Weight { get; private set; } = [];

    /// <summary>Per token: psi + h of the kept flows and their turnover.</summary>
    public DoubleDouble[] Balance { get; private set; } = [];

    public double[] Gross { get; private set; } = [];

    /// <summary>Per token: what it would take off the dual to move its price, about; what its kept surplus wastes, infinity where it is short.</summary>
    public double[] Energy { get; private set; } = [];

    public double[] Waste { get; private set; } = [];

    /// <summary>Per pool: the kept flow.</summary>
    public int[] KeptLeg { get; private set; } = [];

    public double[] KeptTender { get; private set; } = [];

    public double[] KeptReceived { get; private set; } = [];

    /// <summary>Pools whose evaluation or kept flow changed since the last commit, tokens whose sums did.</summary>
    public int[] TouchedPools { get; private set; } = [];

    public int TouchedPoolCount { get; private set; }

    public int[] TouchedTokens { get; private set; } = [];

    public int TouchedTokenCount { get; private set; }

    /// <summary>Whether a token left out is priced so that a pool of it would gain.</summary>
    public bool IsMispriced { get; private set; }

    /// <summary>Shortage relative to the turnover up to which a printed trade counts as balanced here.</summary>
    public const double Tolerated = 5e-13;

    /// <summary>Lays the arrays for a problem whose pools <see cref="Pools"/> has taken.</summary>
    public void Lay(RoutingProblem problem)
    {
        TokenCount = problem.TokenCount;
        Grow(problem.TokenCount, problem.Pools.Length);
        problem.Values.CopyTo(Value);
        problem.Holdings.CopyTo(Holding);
        Array.Clear(FirstIncident, 0, TokenCount + 1);
        int pools = Pools.Count;
        for (int p = 0; p < pools; p++)
        {
            FirstIncident[Pools.First[p] + 1]++;
            FirstIncident[Pools.Second[p] + 1]++;
        }

        for (int j = 0; j < TokenCount; j++)
        {
            FirstIncident[j + 1] += FirstIncident[j];
            touchedLeaves[j] = 0;
        }

        for (int p = 0; p < pools; p++)
        {
            leafFirst[p] = Place(Pools.First[p], p);
            leafSecond[p] = Place(Pools.Second[p], p);
        }

        Array.Clear(touchedLeaves, 0, TokenCount);
        Sums.Begin(pools);
        TouchedPoolCount = TouchedTokenCount = 0;
        poolStamp++;
        tokenStamp++;
        IsMispriced = false;
    }

    /// <summary>Takes prices for all tokens and evaluates every pool there.</summary>
    public void EvaluateAll(ReadOnlySpan<double> prices)
    {
        prices[..TokenCount].CopyTo(Price);
        for (int p = 0; p < Pools.Count; p++)
            Evaluate(p);
    }

    /// <summary>Evaluates a pool at its tokens' prices. Sums are not carried along.</summary>
    public void Evaluate(int p)
    {
        if (!Pools.Evaluate(p, Price[Pools.First[p]], Price[Pools.Second[p]]))
            Misprice(p);
        Touch(p);
    }

    /// <summary>Evaluates a pool at its tokens' prices and carries their flows and weights along.</summary>
    public void EvaluateCarried(int p)
    {
        int a = Pools.First[p], b = Pools.Second[p];
        double flowA = FlowOf(p, a), flowB = FlowOf(p, b), weight = Pools.Weight[p];
        Evaluate(p);
        Flow[a] += FlowOf(p, a) - flowA;
        Flow[b] += FlowOf(p, b) - flowB;
        Weight[a] = Math.Max(Pools.Weight[p], Weight[a] + (Pools.Weight[p] - weight));
        Weight[b] = Math.Max(Pools.Weight[p], Weight[b] + (Pools.Weight[p] - weight));
    }

    /// <summary>Gives the pool a tender to keep, and carries the balances along.</summary>
    public void Keep(int p, int leg, double tender)
    {
        double received = leg < 0 ? 0 : Pools.Quote(p, leg, tender);
        if (!(received > 0))
        {
            leg = -1;
            tender = received = 0;
        }

        Carry(p, -1);
        KeptLeg[p] = leg;
        KeptTender[p] = tender;
        KeptReceived[p] = received;
        Carry(p, 1);
        TouchToken(Pools.First[p]);
        TouchToken(Pools.Second[p]);
        Touch(p);
    }

    /// <summary>The kept flow without carrying sums, before the first commit.</summary>
    public void Start(int p, int leg, double tender)
    {
        double received = leg < 0 ? 0 : Pools.Quote(p, leg, tender);
        bool any = received > 0;
        KeptLeg[p] = any ? leg : -1;
        KeptTender[p] = any ? tender : 0;
        KeptReceived[p] = any ? received : 0;
        Touch(p);
    }

    public void Touch(int p)
    {
        if (poolMark[p] != poolStamp)
        {
            poolMark[p] = poolStamp;
            TouchedPools[TouchedPoolCount++] = p;
        }
    }

    public void TouchToken(int j)
    {
        if (tokenMark[j] != tokenStamp)
        {
            tokenMark[j] = tokenStamp;
            TouchedTokens[TouchedTokenCount++] = j;
        }
    }

    /// <summary>Whether the pool was touched since the last commit.</summary>
    public bool IsTouched(int p) => poolMark[p] == poolStamp;

    /// <summary>What the kept flow of a pool loses against the best one at the prices, to second order; infinity where it goes the other way.</summary>
    public double Loss(int p)
    {
        int leg = Pools.Leg[p], kept = KeptLeg[p];
        if (leg < 0 && kept < 0)
            return 0;
        if (kept < 0)
            return Pools.Value(p, Price[Pools.First[p]], Price[Pools.Second[p]]);
        if (leg != kept)
            return double.PositiveInfinity;
        double difference = Pools.Tender[p] - KeptTender[p];
        if (difference == 0)
            return 0;
        double worth = difference * Price[leg == 0 ? Pools.First[p] : Pools.Second[p]];
        return worth * worth / (2 * Pools.Weight[p]);
    }

    /// <summary>Replaces carried sums by those of the trees.</summary>
    public void Commit()
    {
        for (int i = 0; i < TouchedPoolCount; i++)
        {
            int p = TouchedPools[i];
            SetLeaves(p);
            touchedLeaves[Pools.First[p]]++;
            touchedLeaves[Pools.Second[p]]++;
            TouchToken(Pools.First[p]);
            TouchToken(Pools.Second[p]);
        }

        for (int i = 0; i < TouchedTokenCount; i++)
        {
            int j = TouchedTokens[i];
            if (IsSummedWhole(j))
                SumWhole(j);
        }

        for (int i = 0; i < TouchedPoolCount; i++)
        {
            int p = TouchedPools[i];
            if (!IsSummedWhole(Pools.First[p]))
                Climb(Pools.First[p], leafFirst[p]);
            if (!IsSummedWhole(Pools.Second[p]))
                Climb(Pools.Second[p], leafSecond[p]);
        }

        for (int i = 0; i < TouchedTokenCount; i++)
        {
            int j = TouchedTokens[i];
            touchedLeaves[j] = 0;
            TakeSums(j);
        }

        Sums.Update();
        TouchedPoolCount = TouchedTokenCount = 0;
        poolStamp++;
        tokenStamp++;
    }

    /// <summary>psi + h >= 0 falls short here by more than a printed trade may.</summary>
    public bool IsShort(int j) => Balance[j].Hi < -Tolerated * Gross[j];

    /// <summary>Whether the token rests at its value.</summary>
    public bool IsAtValue(int j) => Value[j] > 0 && Price[j] <= Value[j];

    public int Other(int p, int j) => Pools.First[p] == j ? Pools.Second[p] : Pools.First[p];

    /// <summary>What the pool at its best adds to a token's flow.</summary>
    public double FlowOf(int p, int j)
    {
        int leg = Pools.Leg[p];
        return leg < 0 ? 0 : (Pools.First[p] == j) == (leg == 0) ? -Pools.Tender[p] : Pools.Received[p];
    }

    /// <summary>The measures that follow from a token's sums.</summary>
    public void Measure(int j)
    {
        double s = Price[j] * Flow[j];
        Energy[j] = Weight[j] > 0 && !(IsAtValue(j) && s >= 0) ? s * s / (2 * Weight[j]) : 0;
        Waste[j] = IsShort(j) ? double.PositiveInfinity : (Price[j] - Value[j]) * Balance[j].Hi;
    }

    /// <summary>Sums what is carried for a token of few pools anew, so that flows that came and went leave nothing behind.</summary>
    public void SumAnewIfSmall(int j)
    {
        if (FirstIncident[j + 1] - FirstIncident[j] > FewPools)
            return;
        DoubleDouble balance = Holding[j];
        double gross = 0;
        for (int q = FirstIncident[j]; q < FirstIncident[j + 1]; q++)
        {
            int p = Incident[q], kept = KeptLeg[p];
            if (kept < 0)
                continue;
            bool takes = (kept == 0) == (Pools.First[p] == j);
            balance += takes ? -KeptTender[p] : KeptReceived[p];
            gross += takes ? KeptTender[p] : KeptReceived[p];
        }

        Balance[j] = balance;
        Gross[j] = gross;
    }

    private void TakeSums(int j)
    {
        int degree = FirstIncident[j + 1] - FirstIncident[j];
        Flow[j] = Holding[j];
        Balance[j] = Holding[j];
        Weight[j] = Gross[j] = 0;
        if (degree > 0)
        {
            ref Node root = ref nodes[(2 * FirstIncident[j]) + 1];
            Flow[j] += root.Flow;
            Weight[j] = root.Weight;
            Gross[j] = root.Gross;
            Balance[j] += root.Balance;
        }

        Measure(j);
    }

    private void Carry(int p, double sign)
    {
        int leg = KeptLeg[p];
        if (leg < 0)
            return;
        (int from, int into) = leg == 0 ? (Pools.First[p], Pools.Second[p]) : (Pools.Second[p], Pools.First[p]);
        Balance[from] += -sign * KeptTender[p];
        Balance[into] += sign * KeptReceived[p];
        Gross[from] += sign * KeptTender[p];
        Gross[into] += sign * KeptReceived[p];
    }

    private void Misprice(int p)
    {
        IsMispriced = true;
        Pools.Misprice(p);
    }

    /// <summary>Forgets that a token was mispriced, once its price is another.</summary>
    public void ForgetMispricing() => IsMispriced = false;

    private void SetLeaves(int p)
    {
        int first = Pools.First[p], second = Pools.Second[p], leg = Pools.Leg[p], kept = KeptLeg[p];
        double tender = KeptTender[p], received = KeptReceived[p];
        ref Node atFirst = ref nodes[leafFirst[p]];
        ref Node atSecond = ref nodes[leafSecond[p]];
        atFirst.Flow = leg == 0 ? -Pools.Tender[p] : leg == 1 ? Pools.Received[p] : 0;
        atSecond.Flow = leg == 0 ? Pools.Received[p] : leg == 1 ? -Pools.Tender[p] : 0;
        atFirst.Weight = atSecond.Weight = Pools.Weight[p];
        atFirst.Balance = kept == 0 ? -tender : kept == 1 ? received : 0;
        atSecond.Balance = kept == 0 ? received : kept == 1 ? -tender : 0;
        atFirst.Gross = kept == 0 ? tender : kept == 1 ? received : 0;
        atSecond.Gross = kept == 0 ? received : kept == 1 ? tender : 0;
        DoubleDouble profit = kept < 0 ? DoubleDouble.Zero
            : kept == 0 ? DoubleDouble.Product(Value[second], received) - DoubleDouble.Product(Value[first], tender)
            : DoubleDouble.Product(Value[first], received) - DoubleDouble.Product(Value[second], tender);
        Sums.Set(p, Pools.Value(p, Price[first], Price[second]), profit, Loss(p));
    }

    private bool IsSummedWhole(int j)
    {
        int degree = FirstIncident[j + 1] - FirstIncident[j];
        return touchedLeaves[j] * (33 - System.Numerics.BitOperations.LeadingZeroCount((uint)degree)) >= degree;
    }

    private void SumWhole(int j)
    {
        int tree = 2 * FirstIncident[j];
        for (int i = FirstIncident[j + 1] - FirstIncident[j] - 1; i > 0; i--)
            Combine(tree, i);
    }

    private void Climb(int j, int leaf)
    {
        int tree = 2 * FirstIncident[j];
        for (int i = (leaf - tree) >> 1; i > 0; i >>= 1)
            Combine(tree, i);
    }

    private void Combine(int tree, int i)
    {
        ref Node left = ref nodes[tree + (2 * i)];
        ref Node right = ref nodes[tree + (2 * i) + 1];
        ref Node node = ref nodes[tree + i];
        node.Flow = left.Flow + right.Flow;
        node.Weight = left.Weight + right.Weight;
        node.Gross = left.Gross + right.Gross;
        node.Balance = left.Balance + right.Balance;
    }

    /// <summary>Enters a pool at a token; answers its leaf among the nodes.</summary>
    private int Place(int j, int p)
    {
        int at = touchedLeaves[j]++;
        Incident[FirstIncident[j] + at] = p;
        return FirstIncident[j] + FirstIncident[j + 1] + at;
    }

    private void Grow(int tokens, int pools)
    {
        if (Price.Length < tokens)
        {
            Price = new double[tokens];
            Value = new double[tokens];
            Holding = new double[tokens];
            FirstIncident = new int[tokens + 1];
            Flow = new double[tokens];
            Weight = new double[tokens];
            Balance = new DoubleDouble[tokens];
            Gross = new double[tokens];
            Energy = new double[tokens];
            Waste = new double[tokens];
            touchedLeaves = new int[tokens];
            tokenMark = new int[tokens];
            TouchedTokens = new int[tokens];
        }

        if (KeptLeg.Length < pools)
        {
            Incident = new int[2 * pools];
            nodes = new Node[4 * pools];
            leafFirst = new int[pools];
            leafSecond = new int[pools];
            poolMark = new int[pools];
            TouchedPools = new int[pools];
            KeptLeg = new int[pools];
            KeptTender = new double[pools];
            KeptReceived = new double[pools];
        }
    }
}
