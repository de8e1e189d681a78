namespace QTrade.Actors;

/// <summary>Why a message was not handled.</summary>
public enum DeadLetterReason
{
    /// <summary>The actor has stopped.</summary>
    Stopped,

    /// <summary>Its bounded mailbox was full and the sender had not offered but sent.</summary>
    MailboxFull,

    /// <summary>Its stash was full.</summary>
    StashFull,
}
