using QTrade.Actors.Journal;
using QTrade.Shared.Journal;

namespace QTrade.Actors.Tests.Journal;

public sealed class InMemoryJournalContractSpecs : JournalContract
{
    private InMemoryJournal? _last;

    protected override IJournal Open() => _last = _last?.Crash(TimeProvider.System) ?? new InMemoryJournal(TimeProvider.System);
}
