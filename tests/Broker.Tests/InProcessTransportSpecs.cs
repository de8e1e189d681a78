using QTrade.Broker.InProcess;

namespace QTrade.Broker.Tests;

public sealed class InProcessTransportSpecs : TransportContract
{
    private readonly InProcessBroker _broker = new();

    protected override ITransport Connect(string node) => new InProcessTransport(_broker, node);

    protected override Task<long> CountDeadAsync() => Task.FromResult((long)_broker.Waiting(Hop.Dead));
}
