namespace QTrade.Benchmarks;

/// <summary>One measurement that can be run by name.</summary>
public interface IBenchmark
{
    /// <summary>What it is called by on the command line.</summary>
    string Name { get; }

    /// <summary>What it measures, in one line.</summary>
    string About { get; }

    /// <summary>Measures and reports.</summary>
    void Run(BenchmarkContext context);
}
