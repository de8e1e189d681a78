namespace QTrade.Solana;

/// <summary>Why a pool is refused, and over which account.</summary>
/// <param name="Refusal">The reason; <see cref="PoolRefusal.None"/> where it is not refused.</param>
/// <param name="About">The account at fault.</param>
/// <param name="Detail">What is wrong with it, one line without the address; null where the reason says all.</param>
public readonly record struct PoolFault(PoolRefusal Refusal, Address About = default, string? Detail = null)
{
    /// <summary>Whether the pool is not refused.</summary>
    public bool IsNone => Refusal == PoolRefusal.None;

    /// <inheritdoc/>
    public override string ToString() =>
        IsNone ? "none" : Detail is null ? $"{Refusal} ({About})" : $"{Refusal} ({About}): {Detail}";
}
