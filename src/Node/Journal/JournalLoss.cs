using System.Collections.Immutable;
using QTrade.Actors.Journal;

namespace QTrade.Node.Journal;

/// <summary>A stretch of the global order that cannot be read back, and whose events lay in it.</summary>
/// <param name="FromOrdinal">First ordinal of the stretch.</param>
/// <param name="ToOrdinal">Last ordinal of the stretch.</param>
/// <param name="Events">The events that lay in it, by entity, as far as the events around it tell.</param>
public sealed record JournalLoss(long FromOrdinal, long ToOrdinal, ImmutableArray<LostEvents> Events)
{
    private const int EntitiesNamed = 3;

    /// <inheritdoc/>
    public override string ToString()
    {
        string named = string.Join(", ", Events.Take(EntitiesNamed));
        string rest = Events.Length > EntitiesNamed ? $" and {Events.Length - EntitiesNamed} more entities" : "";
        return $"events {FromOrdinal}..{ToOrdinal} ({(named.Length == 0 ? "of entities unknown" : named)}{rest})";
    }
}
