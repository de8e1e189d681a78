using System.Diagnostics.CodeAnalysis;

namespace QTrade.Node.Tests.Journal.Postgres;

/// <summary>The specs that share one server; they run one after the other.</summary>
[CollectionDefinition(Name)]
[SuppressMessage("Naming", "CA1711", Justification = "xunit calls it a collection")]
public sealed class PostgresCollection : ICollectionFixture<PostgresFixture>
{
    public const string Name = "postgres";
}
