using QTrade.Actors.Kernel;

namespace QTrade.Actors.Mailboxes;

/// <summary>What holds the messages that wait for an actor. Made by <see cref="MailboxOptions"/>.</summary>
public sealed class MailboxOptions<TMessage>
    where TMessage : class
{
    private readonly Func<TimeProvider, Mailbox> _create;

    internal MailboxOptions(Func<TimeProvider, Mailbox> create) => _create = create;

    internal Mailbox Create(TimeProvider time) => _create(time);
}
