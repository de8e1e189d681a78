namespace QTrade.Solver.Warm;

/// <summary>How a pool of a session answers to prices.</summary>
internal enum WarmShape : byte
{
    /// <summary>Nothing can be traded on it, ever.</summary>
    Closed,
    Product,
    Mean,

    /// <summary>A constant mean with weights of 80 % and 20 %: powers of 4 and of 1/4 need no logarithm.</summary>
    FourToOne,
    Curve,
}

/// <summary>
/// A pool of a session: its own numbers, what it does at the prices of the moment, the flow kept for it. They lie together, as a neighbourhood's pools are anywhere in the market: one by one in
/// arrays of their own they would cost a cache line each.
/// </summary>
internal struct WarmPool
{
    /// <summary>Its tokens.</summary>
    public int First;
    public int Second;

    /// <summary>At the prices of the moment: the leg that trades or -1, tender, receive, the edge's weight nu_out d receive / d u.</summary>
    public int Leg;

    /// <summary>The kept flow: the leg that trades or -1, tender, receive.</summary>
    public int KeptLeg;
    public double Tender;
    public double Received;
    public double Weight;

    /// <summary>At the prices of the moment: what it adds to its tokens' flows.</summary>
    public double FlowFirst;
    public double FlowSecond;

    /// <summary>What <see cref="WarmPools.Quote"/> answers for the tender at these prices but for dust, NaN where it was not asked for yet.</summary>
    public double Quoted;

    /// <summary>An upper bound on arb, NaN where it was not asked for yet.</summary>
    public double Value;

    /// <summary>Where that was not asked for yet, of a trading pool of constant mean with unequal weights: log(1 + tender / X); with weights four to one: v, see <see cref="WarmPools"/>.</summary>
    public double Growth;
    public double KeptTender;
    public double KeptReceived;

    /// <summary>Its leaves in the trees of its tokens' sums.</summary>
    public int LeafFirst;
    public int LeafSecond;

    /// <summary>Where a curve was last, on either leg: where it is looked for first, which changes no bit.</summary>
    public int Cell;

    /// <summary>The commit before which it was touched last.</summary>
    public int Mark;
    public WarmShape Shape;

    /// <summary>Whether pools of its tokens let the leg take part in answers.</summary>
    public bool IsFirstUsable;
    public bool IsSecondUsable;

    /// <summary>The output per tender of the first unit of a leg that can take part in answers, 0 of one that cannot.</summary>
    public double BestForth;
    public double BestBack;
    public WarmLeg Forth;
    public WarmLeg Back;

    /// <summary>Whether the kept tender is that of the prices.</summary>
    public readonly bool KeepsBest => Leg == KeptLeg && Tender == KeptTender;

    /// <summary>Whether both legs can take part in answers.</summary>
    public readonly bool IsUsable => IsFirstUsable && IsSecondUsable;

    /// <summary>Whether a leg can take part in answers.</summary>
    public readonly bool IsLegUsable(int leg) => leg == 0 ? IsFirstUsable : IsSecondUsable;

    /// <summary>The token that a leg gives up, and the one that it receives.</summary>
    public readonly int From(int leg) => leg == 0 ? First : Second;

    public readonly int Into(int leg) => leg == 0 ? Second : First;

    /// <summary>What a leg takes at most.</summary>
    public readonly double MostTender(int leg) => leg == 0 ? Forth.Most : Back.Most;

    public readonly int Other(int token) => First == token ? Second : First;

    /// <summary>What the pool at its best adds to a token's flow.</summary>
    public readonly double FlowOf(int token) => First == token ? FlowFirst : FlowSecond;
}

/// <summary>The numbers of one leg of a pool of a session.</summary>
internal struct WarmLeg
{
    /// <summary>gamma f'(0): the output per tender of the first unit.</summary>
    public double Best;

    /// <summary>d receive / d u where the leg begins to trade.</summary>
    public double Kink;

    /// <summary>What it takes at most; what is dust when given.</summary>
    public double Most;
    public double Dust;

    /// <summary>Of a pool of constant mean: receive = OutputScale (1 - (1 + tender / TenderScale)^-Ratio), and 1 / (1 + Ratio).</summary>
    public double TenderScale;
    public double OutputScale;
    public double Ratio;
    public double Inverse;
}
