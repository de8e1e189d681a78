namespace QTrade.Node.Simulation;

/// <summary>
/// The random walk that the logarithms of token values follow, one walk per token, each a function of (seed, token, slot). Within
/// an epoch of 8,192 slots (55 minutes) it is Lévy's construction of Brownian motion by midpoint displacement, exact at
/// every slot; the ends of the epochs are independent, so that over days the walk stays near its start and real liquidity stays in range.
/// </summary>
public sealed class ValueWalk
{
    private const int Levels = 13;
    private const ulong EpochSlots = 1UL << Levels;

    private readonly ulong _seed;
    private readonly double[] _displacement = new double[Levels + 1];
    private readonly double _endDeviation;

    /// <param name="seed">Which of all possible walks.</param>
    /// <param name="deviationPerSlot">Standard deviation of a token's log value from one slot to the next.</param>
    public ValueWalk(ulong seed, double deviationPerSlot)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(deviationPerSlot);
        _seed = seed;

        // The middle of an interval of 2^k slots deviates from the mean of its ends by half of its Brownian deviation.
        for (var level = 1; level <= Levels; level++)
        {
            _displacement[level] = 0.5 * deviationPerSlot * Math.Sqrt(1UL << level);
        }

        // Two independent ends then differ by what Brownian motion gathers over the epoch.
        _endDeviation = deviationPerSlot * Math.Sqrt(EpochSlots / 2.0);
    }

    /// <summary>Log of the token's value relative to its start, <paramref name="slots"/> slots after the start; 0 at the start.</summary>
    public double At(int token, ulong slots) => Absolute(token, slots) - Absolute(token, 0);

    private double Absolute(int token, ulong slots)
    {
        var stream = (ulong)(uint)token + 1;
        var from = slots & ~(EpochSlots - 1);
        var left = _endDeviation * CounterRandom.Normal(_seed, stream, NodeOf(from, Levels));
        var right = _endDeviation * CounterRandom.Normal(_seed, stream, NodeOf(from + EpochSlots, Levels));
        for (var level = Levels; level > 0; level--)
        {
            if (slots == from)
            {
                return left;
            }

            var middleSlot = from + (1UL << (level - 1));
            var middle = (0.5 * (left + right)) + (_displacement[level] * CounterRandom.Normal(_seed, stream, NodeOf(middleSlot, level - 1)));
            if (slots < middleSlot)
            {
                right = middle;
            }
            else
            {
                (from, left) = (middleSlot, middle);
            }
        }

        return left;
    }

    // Slots fit 58 bits and every slot is the middle of one level only; the level keeps epoch ends apart from middles.
    private static ulong NodeOf(ulong slot, int level) => (slot << 6) | (uint)level;
}
