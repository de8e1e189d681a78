using System.Diagnostics;

namespace QTrade.Benchmarks;

/// <summary>What a benchmark is told, and where it reports.</summary>
/// <param name="Smoke">Whether it is only to show that it runs: sizes are small and figures mean nothing.</param>
/// <param name="Output">Takes the report, one figure per line.</param>
public sealed record BenchmarkContext(bool Smoke, TextWriter Output)
{
    /// <summary>The size to measure with: <paramref name="full"/>, or <paramref name="smoke"/> where it is only to show that it runs.</summary>
    public int Size(int full, int smoke) => Smoke ? smoke : full;

    /// <summary>Reports one figure.</summary>
    public void Report(string what, double value, string unit) =>
        Output.WriteLine($"  {what,-60} {value,16:N2} {unit}");

    /// <summary>How long <paramref name="action"/> takes.</summary>
    public static TimeSpan Time(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start);
    }
}
