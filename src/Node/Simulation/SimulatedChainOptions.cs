namespace QTrade.Node.Simulation;

/// <summary>How the simulated chain lives. The same options and market give the same chain, swap for swap.</summary>
public sealed record SimulatedChainOptions
{
    /// <summary>Which of all possible chains.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Noise traders' swaps, hence pool updates, per second of the chain's time; above 0.</summary>
    public double UpdatesPerSecond { get; init; } = 2_000;

    /// <summary>Standard deviation of a token's log value from one slot to the next; 1e-4 is about 90 % a year.</summary>
    public double ValueDeviationPerSlot { get; init; } = 1e-4;

    /// <summary>Standard deviation of a noise trade's log price move, in multiples of the pool's fee. Above about 0.5 mispricings open all the time.</summary>
    public double NoisePerFee { get; init; } = 0.4;

    /// <summary>Standard deviation of a noise trade's log price move that comes on top of <see cref="NoisePerFee"/>, fee or none.</summary>
    public double NoiseFloor { get; init; } = 1e-4;

    /// <summary>Share of the distance to the walked price that a noise trade closes, 0 to 1.</summary>
    public double Pull { get; init; } = 0.3;

    /// <summary>Largest log price move of one noise trade.</summary>
    public double MoveMax { get; init; } = 0.02;

    /// <summary>Slots in which half of a pool's first mispricing against the others fades from its target.</summary>
    public ulong FadeSlots { get; init; } = 1_500;
}
