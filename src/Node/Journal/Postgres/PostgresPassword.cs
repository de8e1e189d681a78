using System.Diagnostics.CodeAnalysis;
using QTrade.Node.Configuration;
using QTrade.Node.Verbs;

namespace QTrade.Node.Journal.Postgres;

/// <summary>Finds the password of the database's role where configuration says that it is, never in the configuration itself.</summary>
internal static class PostgresPassword
{
    private const int BytesMax = 4_096;

    /// <param name="options">The journal's settings.</param>
    /// <param name="environment">The variables, and where relative paths start.</param>
    /// <param name="password">The password; null leaves it to <c>PGPASSWORD</c>, <c>PGPASSFILE</c> and <c>~/.pgpass</c>.</param>
    /// <param name="refusal">Why a file that was named is no password.</param>
    public static bool TryFind(JournalOptions options, ProgramEnvironment environment, out string? password, [NotNullWhen(false)] out string? refusal)
    {
        (password, refusal) = (null, null);
        if (options.PasswordFile.Length == 0)
        {
            password = environment.Variables.GetValueOrDefault(options.PasswordVariable) is { Length: > 0 } value ? value : null;
            return true;
        }
        string path = Path.GetFullPath(options.PasswordFile, environment.WorkingFolder);
        try
        {
            if (new FileInfo(path).Length > BytesMax) refusal = $"qtrade.journal.password-file: {path} is larger than a password: name the file that holds the password alone";
            else password = File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            refusal = $"qtrade.journal.password-file: {path} cannot be read ({broken.Message}): name a file that this user may read";
        }
        if (password is "") refusal = $"qtrade.journal.password-file: {path} is empty: write the password into it";
        return refusal is null;
    }
}
