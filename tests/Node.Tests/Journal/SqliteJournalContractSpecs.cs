using QTrade.Actors.Journal;
using QTrade.Shared.Journal;

namespace QTrade.Node.Tests.Journal;

public sealed class SqliteJournalContractSpecs : JournalContract, IDisposable
{
    private readonly JournalFolder _folder = new();

    protected override IJournal Open() => _folder.Open();

    public void Dispose() => _folder.Dispose();
}
