namespace QTrade.Actors.Kernel;

/// <summary>A sender that was told <c>Full</c>, and what to tell it once there is room.</summary>
internal sealed class CreditWaiter(ActorRef sender, object full, object credit)
{
    internal ActorRef Sender { get; } = sender;

    internal void TellFull(ActorCell recipient) => Sender.Deliver(new Envelope(full, null, owed: true), recipient);

    internal void TellCredit(ActorCell recipient) => Sender.Deliver(new Envelope(credit, null, owed: true), recipient);
}
