using System.Diagnostics;

namespace QTrade.Solver.Warm;

/// <summary>
/// The tokens whose prices a session's steps change, and the pools that feel these. It grows by the tokens at its rim; once it has a part of the market's pools it is the market.
/// </summary>
internal sealed class Neighbourhood
{
    /// <summary>Pools of the neighbourhood, as a part of the market's and beside, from which on it is the market: hubs would join everything ring by ring, and the steps of the rings would be in vain.</summary>
    private const double MostPools = 0.1;
    private const int FewPools = 40;

    private readonly MarketState state;
    private readonly JoinedPools near, market;
    private int[] tokens = [], localOf = [], rim = [], rimMark = [], poolMark = [];
    private int rimCount, stamp, numbered;

    // The tokens that the market's pools were numbered for, and in which layout of the state.
    private int[] marketTokens = [];
    private int marketCount, marketLayout = -1;

    /// <param name="state">The market.</param>
    public Neighbourhood(MarketState state)
    {
        this.state = state;
        var lanes = new DenseLaplacian();
        near = Joined = new(lanes);
        market = new(lanes);
    }

    /// <summary>Tokens and pools that it can have.</summary>
    public int TokenRoom => tokens.Length;

    public int PoolRoom => poolMark.Length;

    public int Count { get; private set; }

    /// <summary>Whether it is the market.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Whether it has so many pools that it had better be the market.</summary>
    public bool IsLarge => Joined.Count > (MostPools * state.Pools.Count) + FewPools;

    /// <summary>Its pools; their ends are numbered after <see cref="Number"/>.</summary>
    public JoinedPools Joined { get; private set; }

    /// <summary>Tokens that its pools lead to, those within among them.</summary>
    public ReadOnlySpan<int> Rim => rim.AsSpan(0, rimCount);

    public int this[int i] => tokens[i];

    /// <summary>Begins with no tokens.</summary>
    public void Begin()
    {
        if (localOf.Length < state.TokenCount || poolMark.Length < state.Pools.Count)
            Grow();
        for (int i = 0; i < Count; i++)
            localOf[tokens[i]] = -1;
        Count = rimCount = 0;
        IsWhole = false;
        Joined = near;
        near.Count = 0;
        numbered = -1;
        stamp++;
    }

    public bool Has(int token) => localOf[token] >= 0;

    /// <summary>Takes a token and its pools in, where it is not the market yet: that has its pools listed in another order, once for all.</summary>
    public void Add(int j)
    {
        Debug.Assert(!IsWhole, "the market takes no more tokens in");
        localOf[j] = Count;
        tokens[Count++] = j;
        for (int q = state.FirstIncident[j]; q < state.FirstIncident[j + 1]; q++)
        {
            int p = state.Incident[q];
            if (poolMark[p] == stamp)
                continue;
            poolMark[p] = stamp;
            near.Pools[near.Count++] = p;
            int other = state.OtherEnd[q];
            if (rimMark[other] == stamp)
                continue;
            rimMark[other] = stamp;
            rim[rimCount++] = other;
        }
    }

    /// <summary>Takes in all tokens whose pools feel their prices, and all pools, in the problem's order. Which these are, and how they are joined, follows from the tokens, which are mostly those of the time before.</summary>
    public void AddAll()
    {
        IsWhole = true;
        numbered = -1;
        Count = 0;
        for (int j = 0; j < state.TokenCount; j++)
        {
            if (!Has(j) && !(state.Price[j] > 0 && state.Tokens[j].Weight > 0))
                continue;
            localOf[j] = Count;
            tokens[Count++] = j;
        }

        Joined = market;
        if (marketLayout == state.Layout && tokens.AsSpan(0, Count).SequenceEqual(marketTokens.AsSpan(0, marketCount)))
        {
            numbered = Count;
            return;
        }

        marketLayout = -1;
        market.Count = 0;
        for (int p = 0; p < state.Pools.Count; p++)
        {
            if (Has(state.Pools[p].First) || Has(state.Pools[p].Second))
                market.Pools[market.Count++] = p;
        }
    }

    /// <summary>Numbers the ends of the pools and lays the system, where tokens came in since that was done.</summary>
    public void Number()
    {
        if (numbered == Count)
            return;
        JoinedPools joined = Joined;
        for (int l = 0; l < joined.Count; l++)
        {
            ref WarmPool pool = ref state.Pools[joined.Pools[l]];
            joined.First[l] = localOf[pool.First];
            joined.Second[l] = localOf[pool.Second];
        }

        joined.System.Lay(Count, joined.First.AsSpan(0, joined.Count), joined.Second.AsSpan(0, joined.Count));
        numbered = Count;
        if (!IsWhole)
            return;
        tokens.AsSpan(0, Count).CopyTo(marketTokens);
        (marketCount, marketLayout) = (Count, state.Layout);
    }

    private void Grow()
    {
        int n = state.TokenCount, m = state.Pools.Count;
        tokens = new int[n];
        marketTokens = new int[n];
        marketLayout = -1;
        localOf = new int[n];
        Array.Fill(localOf, -1);
        Count = 0;
        rim = new int[n];
        rimMark = new int[n];
        poolMark = new int[m];
        stamp = 0;
        near.Grow(n, m);
        market.Grow(n, m);
        int most = (int)(MostPools * m) + FewPools;
        near.System.MakeRoom(Math.Min(n, most), most);
    }
}
