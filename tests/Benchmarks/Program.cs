using System.Reflection;
using System.Runtime.InteropServices;
using QTrade.Benchmarks;

#pragma warning disable RS0030 // The benchmarks are a command line of their own: this file is where they write.
var output = Console.Out;
#pragma warning restore RS0030
var smoke = args.Contains("--smoke");
var names = args.Where(arg => arg != "--smoke").ToArray();
var benchmarks = Assembly.GetExecutingAssembly().GetTypes()
    .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IBenchmark)))
    .Select(type => (IBenchmark)Activator.CreateInstance(type)!)
    .OrderBy(benchmark => benchmark.Name, StringComparer.Ordinal)
    .ToArray();

if (names.Length == 0 || names.Any(name => name != "all" && benchmarks.All(benchmark => benchmark.Name != name)))
{
    output.WriteLine("usage: dotnet run -c Release --project tests/Benchmarks -- NAME... [--smoke]");
    output.WriteLine("  all: every one of");
    foreach (var benchmark in benchmarks)
        output.WriteLine($"  {benchmark.Name}: {benchmark.About}");
    return 2;
}

output.WriteLine($"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores, "
    + $"{RuntimeInformation.FrameworkDescription}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}");
foreach (var benchmark in benchmarks.Where(benchmark => names.Contains("all") || names.Contains(benchmark.Name)))
{
    output.WriteLine($"{benchmark.Name}: {benchmark.About}");
    benchmark.Run(new BenchmarkContext(smoke, output));
}

return 0;
