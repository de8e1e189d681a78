namespace QTrade.Solana.Rpc;

/// <summary>Why a request to an endpoint has no answer, or a frame of it none that can be used.</summary>
public enum RpcFault
{
    /// <summary>It has one.</summary>
    None,

    /// <summary>Nobody answers at its address.</summary>
    Unreachable,

    /// <summary>The answer took too long.</summary>
    TimedOut,

    /// <summary>It asks for fewer requests: HTTP 429.</summary>
    RateLimited,

    /// <summary>Another HTTP status than success.</summary>
    HttpStatus,

    /// <summary>The answer is larger than the bound.</summary>
    TooLarge,

    /// <summary>The answer is not the JSON that the method answers.</summary>
    Malformed,

    /// <summary>A JSON-RPC error.</summary>
    Refused,

    /// <summary>The node has not reached the slot that the answer must not be older than.</summary>
    Behind,

    /// <summary>The connection ended.</summary>
    Closed,
}
