namespace QTrade.Node.Configuration;

/// <summary>What somebody may have meant.</summary>
internal static class Suggestion
{
    /// <summary>The known word nearest to the given one, or null where none is near: at most a third of its letters differ.</summary>
    public static string? For(string word, IEnumerable<string> known)
    {
        (string? nearest, int distance) = known
            .Select(candidate => (candidate, Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .DefaultIfEmpty((null!, int.MaxValue))
            .MinBy(pair => pair.Item2);
        return distance <= Math.Max(1, (word.Length + 1) / 3) ? nearest : null;
    }

    /// <summary><c>"; did you mean x?"</c>, or nothing.</summary>
    public static string Clause(string word, IEnumerable<string> known) => For(word, known) is { } nearest ? $"; did you mean '{nearest}'?" : string.Empty;

    /// <summary>Letters inserted, left out, replaced, or swapped with their neighbour (restricted Damerau-Levenshtein).</summary>
    private static int Distance(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replaced, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }

        return d[a.Length, b.Length];
    }
}
