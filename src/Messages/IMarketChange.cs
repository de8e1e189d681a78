using QTrade.Messages.Execution;
using QTrade.Messages.Routing;

namespace QTrade.Messages;

/// <summary>A durable change of the market as pools, pool configuration and token registry publish it. Repeats and older ones change nothing.</summary>
public interface IMarketChange : IEvent, IRouterMessage, IExecutorMessage
{
    /// <summary>Sequence number of the event in its entity, from 1.</summary>
    long Sequence { get; }
}
