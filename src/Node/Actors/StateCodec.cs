using System.Diagnostics.CodeAnalysis;
using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
using QTrade.Trading.States;

namespace QTrade.Node.Actors;

/// <summary>Snapshots of a state in its wire form.</summary>
internal sealed class StateCodec<TState>(StateForm<TState> form) : IEventCodec<TState>
    where TState : class
{
    public EventData Encode(TState value)
    {
        var encoded = form.Encode(value);
        return new EventData(encoded.Manifest, encoded.Version, encoded.Bytes);
    }

    public bool TryDecode(EventData data, [MaybeNullWhen(false)] out TState value, [NotNullWhen(false)] out string? reason) =>
        form.TryDecode(data.Manifest, data.Version, data.Payload.Span, out value, out reason);
}
