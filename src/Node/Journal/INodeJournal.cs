using System.Collections.Immutable;
using QTrade.Actors.Journal;
using QTrade.Node.Journal.Copying;

namespace QTrade.Node.Journal;

/// <summary>A journal that outlives the process, as a node runs on it and shows it.</summary>
public interface INodeJournal : IJournal
{
    /// <summary>Where it is, for showing; holds no secret.</summary>
    string Location { get; }

    /// <summary>What it did since it was opened.</summary>
    JournalMetrics Metrics { get; }

    /// <summary>What could not be read back, as far as it was met, in the global order.</summary>
    ImmutableArray<JournalLoss> Losses { get; }

    /// <summary>Drops what retention and the size limit allow, now.</summary>
    /// <returns>How many events.</returns>
    Task<int> TrimAsync(CancellationToken cancellation = default);

    /// <summary>All that it holds, for a copy.</summary>
    internal JournalContents Contents();
}
