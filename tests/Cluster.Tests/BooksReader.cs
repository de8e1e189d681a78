using QTrade.Node.Journal.Postgres;

namespace QTrade.Cluster.Tests;

/// <summary>Reads the journal of a cluster beside its nodes, and reads it again where the database was away.</summary>
internal sealed class BooksReader(ClusterServers servers) : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private PostgresJournal? _journal;

    public ClusterBooks Books { get; } = new();

    /// <summary>Reads on until something is so.</summary>
    /// <param name="isSo">What is waited for.</param>
    /// <param name="what">What to say of it where it does not come.</param>
    public async Task UntilAsync(Func<ClusterBooks, bool> isSo, Func<string> what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!TryRead() || !isSo(Books))
        {
            try
            {
                await Task.Delay(LookEvery, patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"waited in vain for {what()}");
            }
        }
    }

    // Nothing waits to be written: its disposal ends at once.
    public void Dispose() => _journal?.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private bool TryRead()
    {
        try
        {
            if (_journal is null)
            {
                var options = new PostgresJournalOptions { Connection = servers.Postgres.Connection, Password = servers.Postgres.Password, Create = false };
                if (!PostgresJournal.TryOpen(options, TimeProvider.System, null, out PostgresJournal? journal, out _)) return false;
                _journal = journal;
            }

            Books.Read(_journal);
            return true;
        }
        catch (PostgresFailureException)
        {
            return false;
        }
    }
}
