using System.Collections.Concurrent;

namespace QTrade.Node.Journal;

/// <summary>Reading connections that wait for their next use.</summary>
internal sealed class JournalReaders(string path) : IDisposable
{
    private const int IdleMax = 8;

    private readonly ConcurrentBag<JournalReader> _idle = [];
    private volatile bool _closed;

    /// <summary>A reader whose view begins now. Give it back by <see cref="Return"/>.</summary>
    public JournalReader Rent()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (!_idle.TryTake(out JournalReader? reader)) reader = new JournalReader(path);
        try
        {
            reader.Begin();
            return reader;
        }
        catch (SqliteFailureException)
        {
            reader.Dispose();
            throw;
        }
    }

    public void Return(JournalReader reader)
    {
        reader.End();
        if (_closed || _idle.Count >= IdleMax) reader.Dispose();
        else _idle.Add(reader);
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out JournalReader? reader)) reader.Dispose();
    }
}
