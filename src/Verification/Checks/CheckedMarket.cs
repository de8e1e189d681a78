using QTrade.Markets;
using QTrade.Verification.Arithmetic;
using QTrade.Verification.TradingSets;

namespace QTrade.Verification.Checks;

/// <summary>A market with its ids resolved to indices and its pools' trading sets built on first use.</summary>
internal sealed class CheckedMarket
{
    private readonly Dictionary<PoolId, int> poolIndex = [];
    private readonly TradingSet?[] sets;
    private readonly bool[] built;
    private readonly int[][] tokensOf;

    public CheckedMarket(Market market)
    {
        Market = market;
        var tokenIndex = new Dictionary<TokenId, int>(market.Tokens.Length);
        for (int j = 0; j < market.Tokens.Length; j++)
            tokenIndex.TryAdd(market.Tokens[j].Id, j);
        tokensOf = new int[market.Pools.Length][];
        for (int i = 0; i < market.Pools.Length; i++)
        {
            poolIndex.TryAdd(market.Pools[i].Id, i);
            tokensOf[i] = [.. market.Pools[i].Tokens.Select(id => tokenIndex[id])];
        }
        sets = new TradingSet?[market.Pools.Length];
        built = new bool[market.Pools.Length];
    }

    public Market Market { get; }

    public int TokenCount => Market.Tokens.Length;

    public int PoolCount => Market.Pools.Length;

    public bool TryFind(PoolId id, out int pool) => poolIndex.TryGetValue(id, out pool);

    /// <summary>The local-to-global token index A_i of the pool.</summary>
    public ReadOnlySpan<int> TokensOf(int pool) => tokensOf[pool];

    /// <summary>Null for a kind that cannot be judged.</summary>
    public TradingSet? SetOf(int pool)
    {
        if (!built[pool])
        {
            sets[pool] = TradingSetOf.Pool(Market.Pools[pool]);
            built[pool] = true;
        }
        return sets[pool];
    }

    /// <summary>The global prices in the pool's own order.</summary>
    public Real[] Local(int pool, ReadOnlySpan<Real> prices)
    {
        int[] tokens = tokensOf[pool];
        var local = new Real[tokens.Length];
        for (int a = 0; a < tokens.Length; a++)
            local[a] = prices[tokens[a]];
        return local;
    }
}
