namespace QTrade.Solana.Rpc;

/// <summary>Kinds of WebSocket frames.</summary>
public enum SocketFrameKind
{
    /// <summary>Valid, and of no kind that is known; it changes nothing.</summary>
    Other,

    /// <summary>A request was accepted; a subscription has its number.</summary>
    Accepted,

    /// <summary>A request was refused.</summary>
    Refused,

    /// <summary>An account changed.</summary>
    AccountChanged,
}
