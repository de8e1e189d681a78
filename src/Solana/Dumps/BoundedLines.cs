namespace QTrade.Solana.Dumps;

/// <summary>Lines of a text, none longer than a bound, from one buffer that is used again.</summary>
/// <param name="reader">The text.</param>
/// <param name="lengthMax">Most characters of a line.</param>
internal sealed class BoundedLines(TextReader reader, int lengthMax)
{
    private char[] _buffer = new char[1 << 16];
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>Whether reading stopped at a line that passes the bound.</summary>
    public bool WasTooLong { get; private set; }

    /// <summary>The next line, valid until the one after it; false at the end.</summary>
    public bool TryNext(out ReadOnlySpan<char> line)
    {
        var from = _start;
        while (true)
        {
            var found = _buffer.AsSpan(from, _end - from).IndexOf('\n');
            if (found >= 0)
            {
                line = _buffer.AsSpan(_start, from + found - _start).TrimEnd('\r');
                _start = from + found + 1;
                return true;
            }

            if (_ended)
            {
                line = _buffer.AsSpan(_start, _end - _start).TrimEnd('\r');
                _start = _end;
                return !line.IsEmpty;
            }

            if (_end - _start > lengthMax)
            {
                WasTooLong = true;
                line = default;
                return false;
            }

            from = Fill();
        }
    }

    // Returns where what is new begins.
    private int Fill()
    {
        var kept = _end - _start;
        var room = kept > _buffer.Length / 2 ? new char[_buffer.Length * 2] : _buffer;
        _buffer.AsSpan(_start, kept).CopyTo(room);
        (_buffer, _start, _end) = (room, 0, kept);
        var read = reader.Read(_buffer, kept, _buffer.Length - kept);
        _ended = read == 0;
        _end += read;
        return kept;
    }
}
