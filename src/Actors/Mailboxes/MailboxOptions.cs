using QTrade.Actors.Kernel;

namespace QTrade.Actors.Mailboxes;

/// <summary>The kinds of mailboxes.</summary>
public static class MailboxOptions
{
    /// <summary>Every message waits, however many there are.</summary>
    public static MailboxOptions<TMessage> Unbounded<TMessage>()
        where TMessage : class => new(static time => new UnboundedMailbox(time));

    /// <summary>At most <paramref name="capacity"/> wait. An offered one more is answered <c>Full</c>, a sent one more is a dead letter.</summary>
    public static MailboxOptions<TMessage> Bounded<TMessage>(int capacity)
        where TMessage : class
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        return new MailboxOptions<TMessage>(time => new BoundedMailbox(time, capacity));
    }

    /// <summary>At most one message per key waits; a newer one is merged into it. Messages without a key all wait.</summary>
    public static MailboxOptions<TMessage> Conflating<TMessage, TKey>(IConflation<TMessage, TKey> conflation)
        where TMessage : class
        where TKey : notnull => new(time => new ConflatingMailbox<TMessage, TKey>(time, conflation));
}
