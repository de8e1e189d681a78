using System.Diagnostics.CodeAnalysis;

namespace QTrade.Solana.Tapes;

/// <summary>
/// Reads a tape from its beginning. Not trusted: where the first damaged or incomplete frame stands, the tape ends, and
/// <see cref="TornBytes"/> tells how much follows.
/// </summary>
public sealed class TapeReader : IDisposable
{
    private readonly FileStream _file;
    private readonly BufferedStream _stream;
    private byte[] _payload = new byte[4096];

    private TapeReader(FileStream file)
    {
        _file = file;
        _stream = new BufferedStream(file, 1 << 18);
    }

    /// <summary>Bytes of the header and the whole frames read so far.</summary>
    public long Whole { get; private set; } = TapeForm.HeaderSize;

    /// <summary>Bytes behind the last whole frame, once the end was reached.</summary>
    public long TornBytes { get; private set; }

    /// <summary>Opens a tape; false where there is none, in one line without the path.</summary>
    public static bool TryOpen(string path, [NotNullWhen(true)] out TapeReader? reader, [NotNullWhen(false)] out string? error)
    {
        reader = null;
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var header = new byte[TapeForm.HeaderSize];
            var length = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
            error = TapeForm.HeaderFault(header.AsSpan(0, length));
            if (error is not null)
            {
                file.Dispose();
                return false;
            }

            reader = new TapeReader(file);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            file?.Dispose();
            error = failure is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : "cannot be read";
            return false;
        }
    }

    /// <summary>Reads the next entry; false at the end, torn or not.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public bool TryRead(out TapeEntry entry)
    {
        entry = default;
        if (TornBytes > 0)
            return false;
        Span<byte> head = stackalloc byte[TapeForm.FrameHead];
        if (_stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length
            && TapeForm.TryReadHead(head, out var length, out var checksum)
            && length <= _file.Length - Whole)
        {
            if (_payload.Length < length)
                Array.Resize(ref _payload, length);
            var payload = _payload.AsSpan(0, length);
            if (_stream.ReadAtLeast(payload, length, throwOnEndOfStream: false) == length && TapeForm.TryRead(payload, checksum, out var read))
            {
                Whole += TapeForm.FrameHead + length;
                entry = read.Value;
                return true;
            }
        }

        TornBytes = Math.Max(0, _file.Length - Whole);
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        _file.Dispose();
    }
}
