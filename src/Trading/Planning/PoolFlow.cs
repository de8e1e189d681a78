namespace QTrade.Trading.Planning;

/// <summary>A part of one pool's trade that takes one token and gives another.</summary>
/// <param name="Pool">Index of the pool in the market.</param>
/// <param name="SlotIn">Index in the pool of the token that it takes.</param>
/// <param name="SlotOut">Index in the pool of the token that it gives.</param>
/// <param name="TokenIn">Index in the market of the token that it takes.</param>
/// <param name="TokenOut">Index in the market of the token that it gives.</param>
/// <param name="Tender">What it takes.</param>
/// <param name="Receive">What that is to receive.</param>
internal readonly record struct PoolFlow(int Pool, int SlotIn, int SlotOut, int TokenIn, int TokenOut, double Tender, double Receive);
