using QTrade.Broker.RabbitMq;
using QTrade.Shared.Broker;

namespace QTrade.Broker.Tests;

[RabbitSpecs]
[Collection(RabbitCollection.Name)]
public sealed class RabbitTransportContractSpecs(RabbitFixture rabbit) : TransportContract
{
    private readonly string _cluster = rabbit.NewCluster();

    protected override ITransport Connect(string node) => new RabbitTransport(rabbit.Options(_cluster, node), TimeProvider.System, _ => { });

    protected override Task<long> CountDeadAsync() => rabbit.CountDeadAsync(_cluster);
}
