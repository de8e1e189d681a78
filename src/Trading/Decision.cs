using System.Collections.Immutable;
using QTrade.Messages;

namespace QTrade.Trading;

/// <summary>What a rule made of a command: events to keep, or a reason why not; neither (the default) where the command is already true.</summary>
/// <remarks>A decision of one event, which is what updates come to, allocates nothing but the event.</remarks>
public readonly struct Decision<TEvent>
    where TEvent : class, IEvent
{
    private readonly TEvent? only;
    private readonly ImmutableArray<TEvent> many;

    internal Decision(TEvent? only, ImmutableArray<TEvent> many, Rejection? rejection)
    {
        this.only = only;
        this.many = many;
        Rejection = rejection;
    }

    /// <summary>Why the command was refused or changed nothing; null where it was taken or is already true.</summary>
    public Rejection? Rejection { get; }

    /// <summary>How many events, to be kept together or not at all, in order.</summary>
    public int Count => only is not null ? 1 : many.IsDefault ? 0 : many.Length;

    public TEvent this[int index] => only is not null && index == 0 ? only : many[index];

    public ImmutableArray<TEvent> ToImmutableArray() => only is not null ? [only] : many.IsDefault ? [] : many;
}
