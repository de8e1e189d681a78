using QTrade.Actors;
using QTrade.Broker;

namespace QTrade.Node.Cluster;

/// <summary>One role that one node at a time acts in, as this node stands to it.</summary>
internal sealed class Turn(Hop hop)
{
    public Hop Hop => hop;

    /// <summary>Tells this subscription from earlier ones.</summary>
    public long Subscribed { get; set; }

    public ISubscription? Subscription { get; set; }

    /// <summary>Whether this node acts.</summary>
    public bool IsMine { get; set; }

    /// <summary>Held unacknowledged as long as it acts: given to the next when it is gone.</summary>
    public Delivery? Token { get; set; }

    /// <summary>When the token was received: a broker takes back what is held for too long.</summary>
    public TimeSpan TokenSince { get; set; }

    /// <summary>Connections when the last message of the hop came.</summary>
    public long Connects { get; set; }

    /// <summary>Since when the connection is another one and no message of the hop has come; null where it is not.</summary>
    public TimeSpan? UnsureSince { get; set; }

    /// <summary>Who acts.</summary>
    public List<ActorRef> Actors { get; } = [];
}
