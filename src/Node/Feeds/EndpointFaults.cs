using QTrade.Solana.Rpc;

namespace QTrade.Node.Feeds;

/// <summary>What the feed says of a fault of an endpoint, and which setting may help against it.</summary>
internal static class EndpointFaults
{
    /// <summary>One line: what failed, where and how, and what to do where that is known.</summary>
    /// <param name="what">What was asked for.</param>
    /// <param name="result">What it came to.</param>
    public static string Line<T>(string what, in RpcResult<T> result) => $"{what}: {result.Detail}{Advice(result.Fault)}";

    private static string Advice(RpcFault fault) => fault switch
    {
        RpcFault.Unreachable or RpcFault.TimedOut or RpcFault.HttpStatus => "; see qtrade.solana.rpc and qtrade.solana.ws",
        RpcFault.RateLimited => "; lower qtrade.solana.requests-per-second",
        RpcFault.Refused => "; if the endpoint does not offer it, name another one in qtrade.solana.rpc",
        _ => string.Empty,
    };
}
