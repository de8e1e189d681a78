using QTrade.Messages;

namespace QTrade.Trading.Tests;

/// <summary>What a decision is expected to be.</summary>
internal static class Then
{
    public static void Events<TEvent>(Decision<TEvent> decision, params TEvent[] expected)
        where TEvent : class, IEvent
    {
        Assert.Null(decision.Rejection);
        Assert.Equal(expected, decision.ToImmutableArray());
    }

    /// <summary>Neither event nor refusal: the command is already true.</summary>
    public static void Nothing<TEvent>(Decision<TEvent> decision)
        where TEvent : class, IEvent => Events(decision);

    public static void Rejected<TEvent>(Decision<TEvent> decision, ReasonCode reason)
        where TEvent : class, IEvent
    {
        Assert.Equal(reason, decision.Rejection?.Code);
        Assert.Equal(0, decision.Count);
    }
}
