namespace QTrade.Verification.TradingSets;

/// <summary>One bin: price (token 1 per token 0), holdings of both tokens, its own fee or null for the pool's.</summary>
internal readonly record struct LinearBin(double Price, double X, double Y, double? Fee);
