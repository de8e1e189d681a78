namespace QTrade.Solana;

/// <summary>What is known of one account.</summary>
public enum AccountPresence
{
    /// <summary>Nobody looked yet.</summary>
    Unknown,

    /// <summary>The chain was asked and has no such account.</summary>
    Absent,

    /// <summary>Its bytes are here.</summary>
    Present,
}
