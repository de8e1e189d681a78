using System.Diagnostics;
using System.Globalization;

namespace QTrade.Cluster.Tests;

/// <summary>The whole table of faults: <c>dotnet run --project tests/Cluster.Tests -- --nodes 5 --seeds 3</c>. The specs themselves are run by the test host.</summary>
internal static class Program
{
    private const string Usage = "usage: dotnet run --project tests/Cluster.Tests -- [--nodes 3] [--seeds 1] [--first-seed 1] [--fault NAME] [--times 1]";

    private static IEnumerable<Fault> Known => Fault.All.Concat(Fault.Halted);

#pragma warning disable RS0030 // The table is what the program is for.
    public static async Task<int> Main(string[] arguments)
    {
        int nodes = 3, seeds = 1, first = 1, times = 1;
        string? only = null;
        for (int i = 0; i < arguments.Length; i += 2)
        {
            string value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            bool isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0;
            switch (arguments[i])
            {
                case "--nodes" when isNumber && number >= 3: nodes = number; break;
                case "--seeds" when isNumber: seeds = number; break;
                case "--first-seed" when isNumber: first = number; break;
                case "--times" when isNumber: times = number; break;
                case "--fault" when Known.Any(fault => fault.Name == value): only = value; break;
                default:
                    await Console.Error.WriteLineAsync($"{arguments[i]} {value}: not understood, or too few (3 nodes at least). {Usage}; faults: {string.Join("; ", Known.Select(fault => fault.Name))}");
                    return 2;
            }
        }

        int failed = 0;
        for (int seed = first; seed < first + seeds; seed++)
        {
            long started = Stopwatch.GetTimestamp();
            Console.WriteLine($"seed {seed}, {nodes} nodes");
            await using var cluster = new FaultCluster(nodes, seed);
            await cluster.DecidedAsync(3);
            await cluster.SettleAsync();
            var draws = new Random(seed);
            foreach (Fault fault in Known.Where(fault => only is null || fault.Name == only).SelectMany(fault => Enumerable.Repeat(fault, times)))
            {
                try
                {
                    Console.WriteLine((await FaultRun.StrikeAsync(cluster, fault, draws)).ToString());
                }
                catch (Exception broken) when (broken is TimeoutException or InvalidOperationException or Xunit.Sdk.XunitException)
                {
                    failed++;
                    Console.WriteLine($"{fault.Name}: FAILED: {broken.Message}");
                    break;
                }
            }

            Console.WriteLine($"routers on the wire: {string.Join(", ", cluster.Routers.Select(epoch => $"{epoch.Key} {string.Join(" and ", epoch.Value)}"))}");
            Console.WriteLine(FormattableString.Invariant(
                $"{cluster.Books.HandedOut} snapshots, {cluster.Books.Decided} decided, {cluster.Books.Executed} trades executed, epochs 1 to {cluster.Books.Epochs.LastOrDefault()}, {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s"));
        }

        return failed == 0 ? 0 : 1;
    }
#pragma warning restore RS0030
}
