namespace QTrade.Markets.Quotes;

/// <summary>Why a pool gives no quote.</summary>
public enum QuoteError
{
    /// <summary>There is a quote.</summary>
    None,

    /// <summary>The amount is not a finite number above 0.</summary>
    InvalidAmount,

    /// <summary>A token index is not one of the pool's, or both are the same.</summary>
    InvalidTokens,

    /// <summary>The pool cannot fill the amount.</summary>
    InsufficientLiquidity,

    /// <summary>The tender passes the pool's trading bound.</summary>
    TradingBound,

    /// <summary>A number of the pool or the trade is too large or too small for exact arithmetic.</summary>
    OutOfRange,
}
