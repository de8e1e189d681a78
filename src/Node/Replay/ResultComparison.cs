using System.Collections.Immutable;
using System.Globalization;
using QTrade.Markets;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;

namespace QTrade.Node.Replay;

/// <summary>Compares a recorded decision with the same one solved again, byte for byte, and names the first difference.</summary>
internal static class ResultComparison
{
    /// <summary>What a divergence names where nothing but the solver's name differs, to the byte.</summary>
    public const string SolverField = "solver";

    /// <summary>Null where the bytes are the same.</summary>
    public static ReplayDivergence? Compare(Decided recorded, SnapshotSolved replayed) =>
        AreSame(recorded, replayed.Result, replayed.Routes) ? null : Name(recorded, replayed);

    private static bool AreSame(Decided recorded, MarketResult result, ImmutableArray<Route> routes)
    {
        var again = recorded with { Result = result, Routes = routes };
        return MessageCodec.Encode(recorded).Bytes.Span.SequenceEqual(MessageCodec.Encode(again).Bytes.Span);
    }

    private static ReplayDivergence Name(Decided recorded, SnapshotSolved replayed)
    {
        var (was, now) = (recorded.Result, replayed.Result);
        var (where, before, after) =
            Differ("status", was.Status.ToString(), now.Status.ToString()) ??
            Differ("profit", was.Profit, now.Profit) ??
            Differ("upperBound", was.UpperBound, now.UpperBound) ??
            Differ("gap", was.Gap, now.Gap) ??
            Differ("iterations", was.Iterations.ToString(CultureInfo.InvariantCulture), now.Iterations.ToString(CultureInfo.InvariantCulture)) ??
            Differ("marketHash", was.MarketHash, now.MarketHash) ??
            Differ("prices", was.Prices, now.Prices) ??
            Differ("netFlow", was.NetFlow, now.NetFlow) ??
            Differ(was.Trades, now.Trades) ??
            Differ("routes", Lines(recorded.Routes), Lines(replayed.Routes)) ??
            (AreSame(recorded, now with { Solver = was.Solver }, replayed.Routes) ? Differ(SolverField, was.Solver, now.Solver) : null) ??
            ("bytes", "other bytes", "the same values");
        return new ReplayDivergence(recorded.SnapshotId, where, before, after, was.Solver);
    }

    private static (string Where, string Was, string Is)? Differ(string where, string was, string now) =>
        was == now ? null : (where, was, now);

    private static (string Where, string Was, string Is)? Differ(string where, double was, double now) =>
        BitConverter.DoubleToInt64Bits(was) == BitConverter.DoubleToInt64Bits(now) ? null : (where, Text(was), Text(now));

    private static (string Where, string Was, string Is)? Differ(string where, ImmutableArray<double> was, ImmutableArray<double> now)
    {
        if (was.Length != now.Length)
            return (where, $"{was.Length} numbers", $"{now.Length} numbers");
        for (var i = 0; i < was.Length; i++)
        {
            if (Differ($"{where}[{i}]", was[i], now[i]) is { } difference)
                return difference;
        }

        return null;
    }

    private static (string Where, string Was, string Is)? Differ(ImmutableArray<PoolTrade> was, ImmutableArray<PoolTrade> now)
    {
        if (was.Length != now.Length)
            return ("trades", $"{was.Length} pools", $"{now.Length} pools");
        for (var i = 0; i < was.Length; i++)
        {
            if (!was[i].Equals(now[i]))
                return ($"trades[{i}]", was[i].Pool.Value, now[i].Pool.Value);
        }

        return null;
    }

    private static string Lines(ImmutableArray<Route> routes) =>
        string.Join("; ", routes.Select(route => $"{route.Index}: {string.Join(" > ", route.Legs.Select(leg => $"{leg.PoolId} {Text(leg.Tender)}"))}"));

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
