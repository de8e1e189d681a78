using System.Collections.Immutable;
using System.Text.Json;
using QTrade.Markets;
using QTrade.Verification.Arithmetic;
using QTrade.Verification.Checks;
using static System.FormattableString;

namespace QTrade.Verification;

/// <summary>
/// Checks a result against its market as MARKET-FORMAT.md defines both, with arithmetic of its own (256 bits) and no code of the
/// solver's: the printed trade is feasible and earns what is printed, the prices prove the upper bound (with limits: the leaves of the search do, and
/// cover every choice of pools), the status says no more than the
/// gap. The market is a valid one (the market file reader lets no other in); the result may be anything and never makes it throw.
/// </summary>
public static class ResultVerifier
{
    /// <summary>Checks everything but the hash of the market's bytes.</summary>
    public static VerificationReport Verify(Market market, MarketResult result) => Report(result, [.. Checks(market, null, result)]);

    /// <summary>Checks everything, the hash of the market's bytes (<see cref="MarketHash.Of"/>) included.</summary>
    public static VerificationReport Verify(Market market, string marketHash, MarketResult result) =>
        Report(result, [.. Checks(market, marketHash, result)]);

    private static IEnumerable<VerificationCheck> Checks(Market market, string? marketHash, MarketResult result)
    {
        yield return FormChecks.Name(market, result);
        if (marketHash is not null)
            yield return FormChecks.Hash(marketHash, result);
        yield return FormChecks.Finite(result);

        var pools = new CheckedMarket(market);
        yield return Kinds(pools);
        VerificationCheck prices = FormChecks.Prices(market, result, out bool usable);
        yield return prices;
        yield return FormChecks.Trades(pools, result, out var trades);

        yield return TradeChecks.Bounds(pools, trades);
        yield return TradeChecks.Reserves(pools, trades);
        yield return TradeChecks.Invariants(pools, trades);
        var flows = new NetFlows(pools, trades);
        yield return TradeChecks.Shortage(market, flows);
        yield return TradeChecks.NetFlow(market, result, flows);

        DualBound? dual = usable ? new DualBound(pools, result.Prices.AsSpan()) : null;
        yield return CertificateChecks.Profit(market, result, flows);
        if (market.Limits is { } limits)
        {
            yield return SearchChecks.Limits(limits, result);
            yield return SearchChecks.Search(pools, result, out MarketSearch? search, out List<CheckedLeaf> leaves);
            yield return SearchChecks.Leaves(pools, limits, result, leaves, out Real? largest);
            yield return SearchChecks.Cover(pools, limits, leaves);
            yield return SearchChecks.UpperBound(result, leaves, largest);
            yield return SearchChecks.Unlimited(pools, result, search);
        }
        else
        {
            yield return CertificateChecks.UpperBound(result, dual);
        }

        yield return CertificateChecks.Gap(result);
        yield return CertificateChecks.Status(pools, result, trades, dual);
    }

    private static VerificationCheck Kinds(CheckedMarket market)
    {
        for (int i = 0; i < market.PoolCount; i++)
        {
            if (market.SetOf(i) is not null)
                continue;
            Pool pool = market.Market.Pools[i];
            return new(CheckName.Kinds, false, 0, pool.Id.Value, $"pool '{pool.Id}' is of kind '{pool.Curve.Kind}', which this version cannot verify");
        }
        return new(CheckName.Kinds, true, 0, null, "every pool's kind is known");
    }

    private static VerificationReport Report(MarketResult result, ImmutableArray<VerificationCheck> checks)
    {
        var failed = checks.Where(check => !check.Ok).ToList();
        string summary = failed.Count == 0
            ? Invariant($"verified: {JsonNamingPolicy.CamelCase.ConvertName(result.Status.ToString())}, profit {result.Profit:R}, no trade earns more than {result.UpperBound:R}, gap {result.Gap:G3}")
            : "NOT verified: " + string.Join("; ", failed.Select(check => $"{check.Name}: {check.Text}"));
        return new VerificationReport(checks, summary);
    }
}
