using QTrade.Markets;
using QTrade.Verification.Arithmetic;
using static System.FormattableString;

namespace QTrade.Verification.Checks;

/// <summary>Profit, upper bound, gap and status: what the result claims against what its own trades and prices prove.</summary>
internal static class CertificateChecks
{
    /// <summary>Relative figures are taken against at least this much value, as the format's gap is.</summary>
    private const double Floor = 1e-9;

    /// <summary>A tenth of the gap that a result may call optimal: the printed profit and bound may blur it by no more.</summary>
    private const double Tolerance = 1e-10;

    /// <summary>
    /// The recomputed dual carries at most this relative error: 2^-250 per operation, against cancellation that doubles on both sides of a
    /// no-trade kink allow at worst (1e-32).
    /// </summary>
    private const double ArithmeticError = 1e-40;

    private const double Rounding = 1e-15;
    private const double OptimalGap = 1e-9;
    private const double LooseGap = 1e-8;
    private const double NothingToWin = 1e-9;

    public static VerificationCheck Profit(Market market, MarketResult result, NetFlows flows)
    {
        if (!double.IsFinite(result.Profit))
            return NotFinite(CheckName.Profit, "profit");
        Real gross = flows.Profit(market);
        Real cost = market.Limits is { } limits ? (Real)limits.CostPerPool * (result.Trades.IsDefault ? 0 : result.Trades.Length) : Real.Zero;
        Real exact = gross - cost;
        double error = Relative(result.Profit - exact, exact);
        // The difference of two doubles is as exact as these are.
        bool ok = Math.Abs(error) <= Tolerance || Real.Abs(result.Profit - exact) <= cost * Rounding;
        return new(CheckName.Profit, ok, error, null, Invariant(ok
            ? (FormattableString)$"the trades earn {exact.ToDouble():R}"
            : $"the trades earn {exact.ToDouble():R}, not {result.Profit:R}: off by {error:G3}"));
    }

    public static VerificationCheck UpperBound(MarketResult result, DualBound? dual)
    {
        if (!double.IsFinite(result.UpperBound))
            return NotFinite(CheckName.UpperBound, "upperBound");
        if (dual is null)
            return new(CheckName.UpperBound, false, 0, null, "without usable prices there is no bound to compare with");
        Real excess = result.UpperBound - dual.Value;
        double relative = Relative(excess, dual.Value);
        bool below = excess + Real.Abs(dual.Value) * ArithmeticError < Real.Zero;
        bool ok = !below && relative <= Tolerance;
        return new(CheckName.UpperBound, ok, relative, null, Invariant(ok
            ? (FormattableString)$"the prices prove that no trade earns more than {result.UpperBound:R}"
            : $"the dual at the prices is {dual.Value.ToDouble():R}, the printed upper bound {result.UpperBound:R} is {(below ? "below" : "above")} it by {Math.Abs(relative):G3}"));
    }

    public static VerificationCheck Gap(MarketResult result)
    {
        if (!double.IsFinite(result.Gap) || !double.IsFinite(result.Profit) || !double.IsFinite(result.UpperBound))
            return NotFinite(CheckName.Gap, "gap");
        double gap = GapOf(result).ToDouble();
        bool printed = Math.Abs(gap - result.Gap) <= 1e-13 + 1e-6 * Math.Abs(gap);
        bool ordered = gap >= -LooseGap;
        string text = !printed ? Invariant($"profit and upper bound leave a gap of {gap:G6}, the printed one is {result.Gap:G6}")
            : !ordered ? Invariant($"the profit passes the upper bound by {-gap:G3}, relative")
            : Invariant($"the gap is {gap:G3}");
        return new(CheckName.Gap, printed && ordered, gap, null, text);
    }

    public static VerificationCheck Status(CheckedMarket market, MarketResult result, List<(int Pool, PoolTrade Trade)> trades, DualBound? dual)
    {
        if (!double.IsFinite(result.Profit) || !double.IsFinite(result.UpperBound))
            return NotFinite(CheckName.Status, "profit or upperBound");
        Real gap = GapOf(result);
        bool closed = gap <= OptimalGap || (Real)result.UpperBound - result.Profit <= NothingToWin;
        string shown = Invariant($"{gap.ToDouble():G3}");
        string? flaw = result.Status switch
        {
            ResultStatus.Optimal => closed || (gap <= LooseGap && HasKinkedPool(market, trades, dual)) ? null : $"says optimal with a gap of {shown}",
            ResultStatus.NoArbitrage when result.UpperBound > NothingToWin => Invariant($"says noArbitrage with an upper bound of {result.UpperBound:R}"),
            ResultStatus.NoArbitrage => closed ? null : Invariant($"says noArbitrage and prints trades that earn {result.Profit:R}"),
            ResultStatus.Inaccurate => closed ? $"says inaccurate, but a gap of {shown} is optimal" : null,
            ResultStatus.Budget => null,
            ResultStatus.Invalid => "says invalid: it holds no answer to check",
            _ => "has no status of the format",
        };
        return new(CheckName.Status, flaw is null, gap.ToDouble(), null, flaw ?? "the status is what the gap allows");
    }

    /// <summary>(upperBound - profit) / max(|upperBound|, 1e-9) of the printed numbers.</summary>
    private static Real GapOf(MarketResult result) =>
        ((Real)result.UpperBound - result.Profit) / Real.Max(Real.Abs(result.UpperBound), Floor);

    /// <summary>A pool whose marginal price jumps (or that is a walk) binds: it trades, or would at the prices.</summary>
    private static bool HasKinkedPool(CheckedMarket market, List<(int Pool, PoolTrade Trade)> trades, DualBound? dual)
    {
        if (trades.Any(trade => IsKinked(market.Market.Pools[trade.Pool])))
            return true;
        for (int i = 0; dual is not null && i < dual.Arbitrages.Length; i++)
        {
            if (dual.Arbitrages[i].Sign > 0 && IsKinked(market.Market.Pools[i]))
                return true;
        }
        return false;
    }

    private static bool IsKinked(Pool pool) => pool.Curve is ConcentratedCurve or BinsCurve or SumCurve or StableCurve;

    private static double Relative(Real difference, Real exact) => (difference / Real.Max(Real.Abs(exact), Floor)).ToDouble();

    private static VerificationCheck NotFinite(string name, string field) => new(name, false, 0, null, $"{field} is not finite");
}
