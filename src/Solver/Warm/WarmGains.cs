using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Warm;

/// <summary>What a pool's legs gain at prices per unit that is tendered first, best nu_out - nu_in, and these prices: what a step asks for again and again, apart from the pool's own numbers. A leg that takes no part gains -nu_in, and no change of prices makes it trade.</summary>
internal readonly struct WarmGains(in WarmPool pool, double priceFirst, double priceSecond)
{
    public readonly double Forth = Math.FusedMultiplyAdd(pool.BestForth, priceSecond, -priceFirst);
    public readonly double Back = Math.FusedMultiplyAdd(pool.BestBack, priceFirst, -priceSecond);
    public readonly double PriceFirst = priceFirst;
    public readonly double PriceSecond = priceSecond;

    /// <summary>Whether a leg of such a gain trades where the logarithm of its output's price rises by <paramref name="change"/> against its input's. Logarithms only near a kink: log(1 + x) lies between x / (1 + x) and x.</summary>
    public static bool Trades(double gain, double priceIn, double change) =>
        gain + (change * priceIn) > 0 && (gain + (change * (priceIn + gain)) >= 0 || Elementary.Log1P(gain / priceIn) + change > 0);
}
