using QTrade.Broker;
using QTrade.Messages;
using QTrade.Node.Actors;

namespace QTrade.Node.Cluster;

/// <summary>The broker did not take an order in time, as a full queue or no connection has it.</summary>
/// <param name="Command">The order.</param>
/// <param name="Ending"><see cref="PublishEnding.Full"/> where it surely did not, else <see cref="PublishEnding.Unknown"/>.</param>
internal sealed record OrderGivenUp(IMessage Command, PublishEnding Ending) : INodeMessage;
