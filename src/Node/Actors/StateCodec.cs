using System.Diagnostics.CodeAnalysis;
using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
using QTrade.Trading.States;

namespace QTrade.Node.Actors;

/// <summary>Snapshots of a state in its wire form.</summary>
/// <param name="form">The wire form.</param>
/// <param name="recover">What a state that is read is recovered as; null for itself.</param>
internal sealed class StateCodec<TState>(StateForm<TState> form, Func<TState, TState>? recover = null) : IEventCodec<TState>
    where TState : class
{
    public EventData Encode(TState value)
    {
        var encoded = form.Encode(value);
        return new EventData(encoded.Manifest, encoded.Version, encoded.Bytes);
    }

    public bool TryDecode(EventData data, [MaybeNullWhen(false)] out TState value, [NotNullWhen(false)] out string? reason)
    {
        if (!form.TryDecode(data.Manifest, data.Version, data.Payload.Span, out value, out reason))
            return false;
        value = recover?.Invoke(value) ?? value;
        return true;
    }
}
