using System.ComponentModel.DataAnnotations;

namespace QTrade.Node.Configuration;

/// <summary>The simulated chain. The same options and market give the same chain.</summary>
public sealed class SimulationOptions
{
    /// <summary>Which of all possible chains.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Pool updates per second.</summary>
    [Range(0.1, 1_000_000)]
    public double Rate { get; init; } = 2_000;

    /// <summary>Standard deviation of a token's log value from one slot to the next.</summary>
    [Range(0, 0.1)]
    public double ValueDeviation { get; init; } = 1e-4;

    /// <summary>Standard deviation of a noise trade's log price move, in multiples of the pool's fee.</summary>
    [Range(0, 100.0)]
    public double NoisePerFee { get; init; } = 0.4;

    /// <summary>The same that comes on top, fee or none.</summary>
    [Range(0, 0.1)]
    public double NoiseFloor { get; init; } = 1e-4;
}
