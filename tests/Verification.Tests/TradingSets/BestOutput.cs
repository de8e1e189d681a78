using QTrade.Verification.Arithmetic;
using QTrade.Verification.TradingSets;

namespace QTrade.Verification.Tests.TradingSets;

/// <summary>
/// The most of one token that a tender buys, found only by asking the set whether a trade is feasible: an oracle that knows no curve.
/// </summary>
internal static class BestOutput
{
    public static double Of(TradingSet set, double[] tender, double[] receive, int tokenOut)
    {
        double low = 0, high = 1e5;
        for (int i = 0; i < 56; i++)
        {
            double middle = (low + high) / 2;
            if (middle == low || middle == high)
                break;
            receive[tokenOut] = middle;
            if (IsFeasible(set, tender, receive))
                low = middle;
            else
                high = middle;
        }
        return receive[tokenOut] = low;
    }

    public static bool IsFeasible(TradingSet set, double[] tender, double[] receive) =>
        set.Overdrawn(tender, receive) < 0 && set.Fall(tender, receive) <= Real.Zero;
}
