using Npgsql;

namespace QTrade.Node.Journal.Postgres;

/// <summary>What a connection string in a configuration may say.</summary>
internal static class PostgresConnectionText
{
    private const string Hidden = "***";

    /// <summary>What is wrong with it, in words that quote nothing of it; null where nothing is.</summary>
    public static string? Problem(string text)
    {
        if (!TryRead(text, out NpgsqlConnectionStringBuilder builder))
            return "is no connection string: write Host=...;Port=5432;Database=...;Username=...";
        if (builder.Password is not null || builder.SslPassword is not null)
            return "holds a password: put it into a file (qtrade.journal.password-file), a variable (qtrade.journal.password-variable) or PGPASSFILE";
        return string.IsNullOrEmpty(builder.Host) ? "names no Host" : null;
    }

    /// <summary>The text with what may be a password hidden.</summary>
    public static string Shown(string text)
    {
        if (text.Length == 0) return text;
        if (!TryRead(text, out NpgsqlConnectionStringBuilder builder)) return Hidden;
        if (builder.Password is null && builder.SslPassword is null) return text;
        if (builder.Password is not null) builder.Password = Hidden;
        if (builder.SslPassword is not null) builder.SslPassword = Hidden;
        return builder.ConnectionString;
    }

    private static bool TryRead(string text, out NpgsqlConnectionStringBuilder builder)
    {
        try
        {
            builder = new NpgsqlConnectionStringBuilder(text);
            return true;
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            builder = new NpgsqlConnectionStringBuilder();
            return false;
        }
    }
}
