using System.Diagnostics.CodeAnalysis;
using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
using QTrade.Messages;
using QTrade.Messages.Wire;

namespace QTrade.Node.Actors;

/// <summary>Events of one kind of entity in the wire form of <see cref="MessageCodec"/>.</summary>
internal sealed class WireCodec<TEvent> : IEventCodec<TEvent>
    where TEvent : class, IEvent
{
    public static WireCodec<TEvent> Instance { get; } = new();

    public EventData Encode(TEvent value)
    {
        var encoded = MessageCodec.Encode(value);
        return new EventData(encoded.Manifest, encoded.Version, encoded.Bytes);
    }

    public bool TryDecode(EventData data, [MaybeNullWhen(false)] out TEvent value, [NotNullWhen(false)] out string? reason)
    {
        value = null;
        if (!MessageCodec.TryDecode(data.Manifest, data.Version, data.Payload.Span, out var message, out reason))
            return false;
        value = message as TEvent;
        if (value is null)
            reason = $"'{data.Manifest}' is no event of this kind of entity";
        return value is not null;
    }
}
