namespace QTrade.Markets;

/// <summary>One bin of a bins pool: inside it y + price x never falls.</summary>
/// <param name="Price">Token 1 per token 0, above 0.</param>
/// <param name="X">Reserve of token 0, at least 0.</param>
/// <param name="Y">Reserve of token 1, at least 0.</param>
/// <param name="Fee">The bin's own fee on what goes in, 0 up to 1 exclusive; null for the pool's.</param>
public readonly record struct Bin(double Price, double X, double Y, double? Fee = null);
