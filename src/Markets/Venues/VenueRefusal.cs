namespace QTrade.Markets.Venues;

/// <summary>Why a venue does not fill a swap.</summary>
public enum VenueRefusal
{
    /// <summary>It fills it.</summary>
    None,

    /// <summary>Nothing is offered or asked for.</summary>
    ZeroAmount,

    /// <summary>What would be received rounds to nothing.</summary>
    NothingReceived,

    /// <summary>The pool holds less than is asked for.</summary>
    InsufficientLiquidity,

    /// <summary>The swap leaves the tick or bin arrays that are known, or that one transaction may carry.</summary>
    OutOfArrays,

    /// <summary>The swap leaves the range of prices of the pool or the program.</summary>
    PriceLimit,

    /// <summary>A number passes 64 or 128 bits, where the program fails.</summary>
    Overflow,

    /// <summary>The pool does not trade at its clock.</summary>
    Disabled,
}
