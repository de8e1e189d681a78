using QTrade.Actors.Mailboxes;
using QTrade.Actors.Supervision;

namespace QTrade.Actors;

/// <summary>How to make an actor, and how it is kept.</summary>
/// <param name="Create">Makes a new actor, at the start and at every restart.</param>
public sealed record Props<TMessage>(Func<Actor<TMessage>> Create)
    where TMessage : class
{
    /// <summary>What holds the messages that wait.</summary>
    public MailboxOptions<TMessage> Mailbox { get; init; } = MailboxOptions.Unbounded<TMessage>();

    /// <summary>What happens when a handler throws.</summary>
    public SupervisionPolicy Supervision { get; init; } = SupervisionPolicy.Default;

    /// <summary>How many messages <see cref="Effects.Stash"/> may hold; more are dead letters.</summary>
    public int StashCapacity { get; init; } = 1_000;
}
