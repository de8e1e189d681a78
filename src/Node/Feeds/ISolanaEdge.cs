using System.Collections.Immutable;
using QTrade.Node.Simulation;
using QTrade.Solana;

namespace QTrade.Node.Feeds;

/// <summary>A live feed's input and output: one connection for subscriptions at a time, and requests beside it. Each call answers what the feed is told.</summary>
public interface ISolanaEdge
{
    /// <summary>Pools that are followed in any case, whatever searches come to.</summary>
    ImmutableArray<Address> Pools { get; }

    /// <summary>Makes the one connection; any other ends.</summary>
    Task<IFeedMessage> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>What a connection tells next, or that it ended.</summary>
    Task<IFeedMessage> TakeAsync(long connection, CancellationToken cancellationToken);

    /// <summary>Ends subscriptions of a connection, in one call where there are any, and asks for others, in this order.</summary>
    Task<IFeedMessage> SendAsync(
        long connection, ImmutableArray<Address> subscribe, ImmutableArray<Address> unsubscribe, CancellationToken cancellationToken);

    /// <summary>Reads accounts as of a slot or later.</summary>
    Task<IFeedMessage> ReadAsync(long connection, ImmutableArray<Address> accounts, ulong minContextSlot, CancellationToken cancellationToken);

    /// <summary>Searches for other pools.</summary>
    Task<IFeedMessage> DiscoverAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Ends a connection because the feed stops. To a tape that is no loss: it ends there, in states that were complete. One that goes on has
    /// missed what came between, and says so then.
    /// </summary>
    Task<IFeedMessage> EndAsync(long connection);

    /// <summary>Ends a connection; what was read of it is still taken.</summary>
    Task<IFeedMessage> DropAsync(long connection);

    /// <summary>The feed is over, in the middle of what it does: its connection, and one that is being made, are nobody's. Another feed may begin at once.</summary>
    void Leave(long? connection);
}
