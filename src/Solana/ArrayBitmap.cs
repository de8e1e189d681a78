namespace QTrade.Solana;

/// <summary>
/// Which arrays of a pool hold anything: 1,024 bits in the pool for the arrays -512 to 511, and beyond them an extension account in rows of
/// 512 bits, the positive ones first.
/// </summary>
internal readonly ref struct ArrayBitmap
{
    /// <summary>Arrays with anything in them that are read on each side of the price's own.</summary>
    public const int ArraysPerSide = 4;

    private const int Inner = 512;
    private const int BytesPerRow = Inner / 8;
    private const int RowsAt = 40;

    private readonly ReadOnlySpan<byte> _inner;
    private readonly ReadOnlySpan<byte> _outer;
    private readonly int _rows;
    private readonly bool _negativeMirrored;

    /// <param name="inner">The 128 bytes in the pool.</param>
    /// <param name="outer">The extension account, empty where there is none.</param>
    /// <param name="rows">Rows of the extension on each side.</param>
    /// <param name="negativeMirrored">Whether the rows below count away from the middle.</param>
    public ArrayBitmap(ReadOnlySpan<byte> inner, ReadOnlySpan<byte> outer, int rows, bool negativeMirrored)
    {
        _inner = inner;
        _outer = outer;
        _rows = rows;
        _negativeMirrored = negativeMirrored;
    }

    /// <summary>Length of an extension with so many rows on each side.</summary>
    public static int ExtensionSize(int rows) => RowsAt + 2 * rows * BytesPerRow;

    /// <summary>The lowest array that the bitmaps tell of.</summary>
    public int First => _outer.IsEmpty ? -Inner : -Inner * (_rows + 1);

    /// <summary>The highest array that the bitmaps tell of.</summary>
    public int Last => _outer.IsEmpty ? Inner - 1 : Inner * (_rows + 1) - 1;

    /// <summary>Whether the bitmaps tell of an array, be it that it holds nothing.</summary>
    public bool Covers(int index) => index >= First && index <= Last;

    /// <summary>The arrays to read around one: it, and the nearest that hold anything; from where to where no other does.</summary>
    public List<int> Around(int index, out int first, out int last)
    {
        var arrays = new List<int>(2 * ArraysPerSide + 1);
        first = First;
        last = Last;
        var found = 0;
        for (var i = Math.Min(index, Last + 1) - 1; i >= First; i--)
        {
            if (!Holds(i))
                continue;
            if (found++ == ArraysPerSide)
            {
                first = i + 1;
                break;
            }

            arrays.Add(i);
        }

        arrays.Reverse();
        if (Covers(index) && Holds(index))
            arrays.Add(index);
        found = 0;
        for (var i = Math.Max(index, First - 1) + 1; i <= Last; i++)
        {
            if (!Holds(i))
                continue;
            if (found++ == ArraysPerSide)
            {
                last = i - 1;
                break;
            }

            arrays.Add(i);
        }

        return arrays;
    }

    private bool Holds(int index)
    {
        if (index is >= -Inner and < Inner)
            return Bit(_inner, index + Inner);
        if (index >= 0)
            return Bit(_outer[(RowsAt + (index / Inner - 1) * BytesPerRow)..], index % Inner);
        var below = -(index + 1);
        var row = _outer[(RowsAt + (_rows + below / Inner - 1) * BytesPerRow)..];
        return Bit(row, _negativeMirrored ? below % Inner : Inner - 1 - below % Inner);
    }

    private static bool Bit(ReadOnlySpan<byte> bytes, int bit) => (bytes[bit >> 3] >> (bit & 7) & 1) != 0;
}
