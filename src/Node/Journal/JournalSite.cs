using Microsoft.Extensions.Logging;

namespace QTrade.Node.Journal;

/// <summary>What the parts of one journal have in common.</summary>
/// <param name="Location">Where the journal is, for showing; holds no secret.</param>
/// <param name="Time">Stamps events and measures commits.</param>
/// <param name="Metrics">Counts what it does.</param>
/// <param name="Logger">Hears one line when a state changes.</param>
/// <param name="Corrupted">Is told what does not read back as it was written.</param>
internal sealed record JournalSite(
    string Location, TimeProvider Time, JournalMetrics Metrics, ILogger Logger, Action<string> Corrupted);
