namespace QTrade.Broker;

/// <summary>How what is published on a hop reaches who subscribed to it.</summary>
public enum HopKind
{
    /// <summary>
    /// Durable; of those who subscribed one gets everything, in order, until it ends, and then the next (a single active consumer). What was not
    /// acknowledged comes again.
    /// </summary>
    SingleConsumer,

    /// <summary>As <see cref="SingleConsumer"/>, kept by a majority of the broker's nodes (a quorum queue). What was returned may come behind what waits.</summary>
    Quorum,

    /// <summary>One worker's own: it is there as long as the worker is.</summary>
    Worker,

    /// <summary>Everyone who subscribed gets everything from then on, as long as it is connected and keeps up.</summary>
    FanOut,

    /// <summary>Every node that subscribed once gets everything from then on, also what came while it was away.</summary>
    DurableFanOut,
}
