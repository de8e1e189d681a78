namespace QTrade.Broker.Tests;

/// <summary>The specs that share one server; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class RabbitCollection : ICollectionFixture<RabbitFixture>
{
    public const string Name = "rabbitmq";
}
