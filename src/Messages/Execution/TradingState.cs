namespace QTrade.Messages.Execution;

/// <summary>What the executor may do. The numbers are on the wire: none is ever reused.</summary>
public enum TradingState
{
    /// <summary>Every route within the limits.</summary>
    Active = 1,

    /// <summary>Only routes that lower the absolute value of holdings.</summary>
    Reducing = 2,

    /// <summary>None.</summary>
    Halted = 3,
}
