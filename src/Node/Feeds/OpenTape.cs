using QTrade.Solana.Tapes;

namespace QTrade.Node.Feeds;

/// <summary>A tape that is played from its beginning by every feed that begins, one after the other.</summary>
/// <param name="path">Where it lies.</param>
/// <param name="first">Its first reader.</param>
internal sealed class OpenTape(string path, TapeReader first) : IDisposable
{
    private TapeReader _reader = first;
    private bool _taken;

    /// <summary>A reader at the tape's beginning; the one before is closed.</summary>
    /// <exception cref="IOException">The tape is not there any more.</exception>
    public TapeReader FromBeginning()
    {
        if (_taken)
        {
            if (!TapeReader.TryOpen(path, out var again, out var fault))
                throw new IOException($"{path}: {fault}");
            _reader.Dispose();
            _reader = again;
        }

        _taken = true;
        return _reader;
    }

    public void Dispose() => _reader.Dispose();
}
