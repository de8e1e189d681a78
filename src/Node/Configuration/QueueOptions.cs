using System.ComponentModel.DataAnnotations;

namespace QTrade.Node.Configuration;

/// <summary>The queue between router and executor.</summary>
public sealed class QueueOptions
{
    /// <summary>Solutions that may be published and not ended.</summary>
    [Range(1, 10_000)]
    public int Outstanding { get; init; } = 100;

    /// <summary>Decided solutions that may wait for room in the queue; meanwhile no snapshot is handed out.</summary>
    [Range(1, 10_000)]
    public int WaitingMax { get; init; } = 8;

    /// <summary>Slots after its snapshot at which a solution is void.</summary>
    [Range(1, 100_000)]
    public int ExpirySlots { get; init; } = 8;
}
