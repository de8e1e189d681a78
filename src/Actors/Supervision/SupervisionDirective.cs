namespace QTrade.Actors.Supervision;

/// <summary>What to do about a failed actor.</summary>
public enum SupervisionDirective
{
    /// <summary>A new instance takes over the address and the mailbox; the failed message is dropped and children are stopped.</summary>
    Restart,

    /// <summary>The actor stops.</summary>
    Stop,

    /// <summary>The parent fails with the same failure; at the top the actor stops.</summary>
    Escalate,
}
