using QTrade.Markets;

namespace QTrade.Trading.Registry;

/// <summary>A token's registration as it stands.</summary>
/// <param name="Sequence">Sequence number of the last event, 0 before the first.</param>
/// <param name="Token">What is known; null before the first registration.</param>
public sealed record TokenState(long Sequence, Token? Token)
{
    /// <summary>A token nobody has registered.</summary>
    public static TokenState Unknown { get; } = new(0, null);
}
