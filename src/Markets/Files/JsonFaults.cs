namespace QTrade.Markets.Files;

/// <summary>The first thing found wrong with a file; reading goes on with defaults, so that no reader needs a way out of its own.</summary>
internal sealed class JsonFaults
{
    /// <summary>Whether something is wrong.</summary>
    public bool Any => Message is not null;

    /// <summary>What is wrong, null while nothing is.</summary>
    public string? Message { get; private set; }

    /// <summary>Id of the pool it is about.</summary>
    public string? Pool { get; private set; }

    /// <summary>The field it is about.</summary>
    public string? Field { get; private set; }

    /// <summary>Offset of the byte it is at.</summary>
    public int Position { get; private set; }

    /// <summary>Records a fault unless there is one already.</summary>
    public void Record(string? pool, string? field, int position, string message)
    {
        if (Any)
            return;
        Pool = pool;
        Field = field;
        Position = position;
        Message = message;
    }

    /// <summary>The fault as the error of a file with these bytes.</summary>
    public MarketFileError ToError(string file, ReadOnlySpan<byte> bytes) =>
        new(file, Pool, Field, bytes[..Math.Min(Position, bytes.Length)].Count((byte)'\n') + 1, Message ?? "unreadable");
}
