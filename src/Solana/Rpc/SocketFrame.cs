using QTrade.Solana.Feed;

namespace QTrade.Solana.Rpc;

/// <summary>What one WebSocket frame of an endpoint says.</summary>
public struct SocketFrame
{
    /// <summary>What kind of frame it is.</summary>
    public SocketFrameKind Kind { get; internal set; }

    /// <summary>The request that it answers.</summary>
    public ulong Id { get; internal set; }

    /// <summary>The subscription that it opens or belongs to.</summary>
    public ulong Subscription { get; internal set; }

    /// <summary>The slot of a notification.</summary>
    public ulong Slot { get; internal set; }

    /// <summary>The JSON-RPC error's code.</summary>
    public readonly long ErrorCode => Error.Code;

    internal RpcError Error;

    internal RpcAccount Account;

    /// <summary>The account that a notification tells.</summary>
    /// <param name="address">The account that its subscription is for.</param>
    public readonly AccountUpdate Update(Address address) => Account.At(address, new AccountPosition(Slot, AccountPosition.Notification));
}
