using QTrade.Markets.Arithmetic;

namespace QTrade.Markets.Quotes;

/// <summary>The question put to a kind of pool: one token in, another out.</summary>
public readonly struct Leg
{
    internal Leg(Pool pool, int tokenIn, int tokenOut)
    {
        Pool = pool;
        TokenIn = tokenIn;
        TokenOut = tokenOut;
        FeeIn = new FeeFactor(pool.Fee);
        FeeOut = new FeeFactor(pool.FeeOut);
    }

    /// <summary>The pool.</summary>
    public Pool Pool { get; }

    /// <summary>Index of the token that goes in, in the pool's order.</summary>
    public int TokenIn { get; }

    /// <summary>Index of the token that comes out.</summary>
    public int TokenOut { get; }

    /// <summary>gamma: what is left of a tender after the pool's fee.</summary>
    public FeeFactor FeeIn { get; }

    /// <summary>1 - feeOut: what is left for the trader of what leaves the curve.</summary>
    public FeeFactor FeeOut { get; }

    /// <summary>(1 - fee) (1 - feeOut) in doubles, for marginal prices.</summary>
    public double Kept => (1 - Pool.Fee) * (1 - Pool.FeeOut);
}
