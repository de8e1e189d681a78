using QTrade.Verification.Arithmetic;

namespace QTrade.Verification.TradingSets;

/// <summary>
/// The set T of trades (tender Delta, receive Lambda) that one pool accepts, in high precision. All spans are in the pool's own token
/// order; amounts are those of the trader: Delta before the fee is taken, Lambda after it.
/// </summary>
internal abstract class TradingSet
{
    /// <summary>
    /// arb(nu) = max nu.(Lambda - Delta) over T, its trading bounds included; never negative (no trade is a trade). Where a token is free
    /// (nu = 0) and unbounded, the supremum. Prices are finite and not negative.
    /// </summary>
    public abstract Real Arbitrage(ReadOnlySpan<Real> prices);

    /// <summary>
    /// By how much, relative, the pool's invariant falls through the trade; 0 where it does not fall. For kinds that are a walk over
    /// intervals or bins: by how much the receive passes the most that the tender buys, relative to that.
    /// </summary>
    public abstract Real Fall(ReadOnlySpan<double> tender, ReadOnlySpan<double> receive);

    /// <summary>The first token of which the trade takes more than the pool holds, or -1.</summary>
    public abstract int Overdrawn(ReadOnlySpan<double> tender, ReadOnlySpan<double> receive);
}
