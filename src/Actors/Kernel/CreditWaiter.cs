namespace QTrade.Actors.Kernel;

/// <summary>A sender that was told <c>Full</c>, and what to tell it once there is room.</summary>
internal sealed class CreditWaiter(ActorRef sender, object full, object credit)
{
    internal ActorRef Sender { get; } = sender;

    internal object Full { get; } = full;

    internal object Credit { get; } = credit;
}
