using System.Diagnostics.CodeAnalysis;
using QTrade.Actors.Journal;

namespace QTrade.Actors.EventSourcing;

/// <summary>Between events, or snapshots of state, and their wire form. Used by several threads at once.</summary>
public interface IEventCodec<T>
{
    /// <summary>The wire form. Its bytes are not changed afterwards.</summary>
    EventData Encode(T value);

    /// <summary>Reads the wire form. Unknown manifests, newer versions and damaged bytes are refused with a reason, never thrown.</summary>
    bool TryDecode(EventData data, [MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out string? reason);
}
