namespace QTrade.Solana.Rpc;

/// <summary>An answer, or why there is none.</summary>
/// <param name="Value">The answer; the type's default where there is none.</param>
/// <param name="Fault">Why there is none.</param>
/// <param name="Detail">What went wrong and where, in one line; of the endpoint's address it has scheme, host and port alone.</param>
public readonly record struct RpcResult<T>(T? Value, RpcFault Fault = RpcFault.None, string? Detail = null)
{
    /// <summary>What the node says of it, as it wrote it, until it was made part of <see cref="Detail"/>; null for nothing.</summary>
    internal string? Told { get; init; }

    /// <summary>Whether there is an answer.</summary>
    public bool Ok => Fault == RpcFault.None;
}
