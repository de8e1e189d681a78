using QTrade.Actors.Journal;
using QTrade.Node.Journal.Postgres;
using QTrade.Shared.Journal;

namespace QTrade.Node.Tests.Journal.Postgres;

[Collection(PostgresCollection.Name)]
[PostgresSpecs]
public sealed class PostgresJournalContractSpecs(PostgresFixture postgres) : JournalContract
{
    private PostgresJournalOptions? _options;

    protected override IJournal Open() => PostgresFixture.Open(_options ??= postgres.Options());
}
