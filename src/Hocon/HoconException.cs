namespace QTrade.Hocon;

/// <summary>A HOCON document that cannot be used. The message is one line: file, line, column, what is wrong.</summary>
public sealed class HoconException : Exception
{
    public HoconException(HoconOrigin origin, string reason)
        : this(origin, reason, null)
    {
    }

    public HoconException(HoconOrigin origin, string reason, Exception? cause)
        : base(OneLine($"{origin}: {reason}"), cause)
    {
        Origin = origin;
        Reason = OneLine(reason);
    }

    /// <summary>Where it is wrong.</summary>
    public HoconOrigin Origin { get; }

    /// <summary>What is wrong, without the place.</summary>
    public string Reason { get; }

    /// <summary>Names out of the document may hold anything; the message stays one line.</summary>
    private static string OneLine(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
}
