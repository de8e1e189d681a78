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
        FeeIn = new FeeFactor(pool.Fee, Pool.TokenFee(pool.TokenFees, tokenIn));
        FeeOut = new FeeFactor(pool.FeeOut, Pool.TokenFee(pool.TokenFeesOut, tokenOut));
    }

    /// <summary>The pool.</summary>
    public Pool Pool { get; }

    /// <summary>Index of the token that goes in, in the pool's order.</summary>
    public int TokenIn { get; }

    /// <summary>Index of the token that comes out.</summary>
    public int TokenOut { get; }

    /// <summary>gamma: what is left of a tender after the pool's fees.</summary>
    public FeeFactor FeeIn { get; }

    /// <summary>What is left for the trader of what leaves the curve.</summary>
    public FeeFactor FeeOut { get; }

    /// <summary>What is left of both sides' fees in doubles, for marginal prices.</summary>
    public double Kept => Pool.KeptOf(TokenIn) * Pool.KeptOutOf(TokenOut);

    /// <summary>The fee on what goes in that this token has on top of the pool's, or of a bin's own.</summary>
    internal double TokenFee => Pool.TokenFee(Pool.TokenFees, TokenIn);
}
