namespace QTrade.Verification.Tests;

/// <summary>Generators of pseudo-random numbers by seed: the same sequence on every run.</summary>
internal static class Seeded
{
    public static Random Random(int seed) => new(seed);
}
