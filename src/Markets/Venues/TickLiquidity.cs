namespace QTrade.Markets.Venues;

/// <summary>An initialised tick: crossing it upwards adds its net liquidity.</summary>
/// <param name="Tick">The tick.</param>
/// <param name="Net">What crossing it upwards adds to the liquidity in range.</param>
public readonly record struct TickLiquidity(int Tick, Int128 Net);
