using System.Collections.Immutable;
using QTrade.Messages;

namespace QTrade.Trading;

/// <summary>Makes decisions.</summary>
internal static class Decisions
{
    public static Decision<TEvent> Event<TEvent>(TEvent only)
        where TEvent : class, IEvent => new(only, default, null);

    public static Decision<TEvent> Events<TEvent>(ImmutableArray<TEvent> events)
        where TEvent : class, IEvent => new(null, events, null);

    public static Decision<TEvent> Reject<TEvent>(ReasonCode code, string? detail = null)
        where TEvent : class, IEvent => new(null, default, new Rejection(code, detail));
}
