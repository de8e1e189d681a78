using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using QTrade.Node.Configuration;
using QTrade.Node.Journal.Postgres;
using QTrade.Node.Verbs;

namespace QTrade.Node.Journal;

/// <summary>Opens the journal that the configuration names, whatever it is kept in.</summary>
internal static class NodeJournal
{
    /// <summary>Whether there is one already; a database is only known once it is opened, and counts as there.</summary>
    public static bool Exists(JournalOptions options, ProgramEnvironment environment) =>
        options.Kind == JournalKind.Postgres
        || File.Exists(Path.Combine(options.ForSqlite(environment.WorkingFolder).Folder, SqliteJournal.FileName));

    /// <summary>Opens it, making or migrating it.</summary>
    /// <param name="options">The journal's settings.</param>
    /// <param name="forNode">Whether it is for a node, which makes it where there is none and, outside a cluster, must be the only one.</param>
    /// <param name="environment">What surrounds the program.</param>
    /// <param name="log">Hears of faults and what heals; null for nobody.</param>
    /// <param name="journal">The journal.</param>
    /// <param name="refusal">One line that says why it is refused and what to do.</param>
    /// <param name="inCluster">Whether other nodes write to it as well.</param>
    public static bool TryOpen(
        JournalOptions options,
        bool forNode,
        ProgramEnvironment environment,
        ILogger? log,
        [NotNullWhen(true)] out INodeJournal? journal,
        [NotNullWhen(false)] out string? refusal,
        bool inCluster = false)
    {
        journal = null;
        if (options.Kind == JournalKind.Postgres)
        {
            if (!PostgresPassword.TryFind(options, environment, out string? password, out refusal)) return false;
            bool reached = PostgresJournal.TryOpen(options.ForPostgres(password, forNode, inCluster), environment.Time, log, out PostgresJournal? shared, out refusal);
            journal = shared;
            return reached;
        }
        bool opened = SqliteJournal.TryOpen(options.ForSqlite(environment.WorkingFolder), environment.Time, log, out SqliteJournal? embedded, out refusal);
        journal = embedded;
        return opened;
    }
}
