namespace QTrade.Node.Journal.Postgres;

/// <summary>What a text column takes.</summary>
internal static class PostgresText
{
    /// <summary>Whether the text is well-formed and holds no NUL.</summary>
    public static bool CanKeep(ReadOnlySpan<char> text)
    {
        if (text.Contains('\0')) return false;
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }
        return true;
    }
}
