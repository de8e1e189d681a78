namespace QTrade.Solana;

/// <summary>Why a pool is not assembled or not traded.</summary>
public enum PoolRefusal
{
    /// <summary>It is not refused.</summary>
    None,

    /// <summary>The account is owned by no program whose pools are known.</summary>
    UnknownOwner,

    /// <summary>The owner is known, but neither discriminator nor length are those of a pool.</summary>
    NotAPool,

    /// <summary>The bytes are shorter than the layout.</summary>
    Truncated,

    /// <summary>A field holds what its program never writes.</summary>
    Malformed,

    /// <summary>An account that the pool needs was not looked up yet, or does not exist.</summary>
    MissingAccount,

    /// <summary>An account that the pool needs belongs to another program, pool or mint.</summary>
    WrongAccount,

    /// <summary>The pool is switched off, or does not trade yet.</summary>
    Disabled,

    /// <summary>Nothing is in it.</summary>
    NoLiquidity,

    /// <summary>An AMM v4 pool whose tokens rest in an order book too.</summary>
    OrderBook,

    /// <summary>A fee that changes within a swap (Whirlpool's adaptive fee).</summary>
    AdaptiveFee,

    /// <summary>A fee that follows volatility by rules that are not implemented (Raydium CLMM).</summary>
    DynamicFee,

    /// <summary>A fee that is taken on a side or in a manner that is not implemented.</summary>
    FeeMode,

    /// <summary>Limit orders rest in the pool by rules that are not implemented.</summary>
    LimitOrders,

    /// <summary>A curve that is not implemented.</summary>
    CurveKind,

    /// <summary>A token account that is frozen or not initialised.</summary>
    FrozenVault,

    /// <summary>A mint calls a program on every transfer.</summary>
    TransferHook,

    /// <summary>A mint has an extension under which what is received cannot be promised; the detail names it.</summary>
    MintExtension,

    /// <summary>Accounts of the pool were read at different slots.</summary>
    MixedSlots,

    /// <summary>The formula is known from reading only and was never executed against the program.</summary>
    FormulaNotProven,
}
