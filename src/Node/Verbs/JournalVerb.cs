using System.CommandLine;
using QTrade.Node.Configuration;
using QTrade.Node.Journal;
using QTrade.Node.Journal.Copying;
using QTrade.Node.Journal.Postgres;

namespace QTrade.Node.Verbs;

/// <summary><c>qtrade journal copy</c>: moves a journal from one kind to the other, or from one place to another.</summary>
internal static class JournalVerb
{
    private const string Verb = "journal copy";
    private const string Database = "postgres";
    private const string PlaceHelp = "A folder, or postgres or postgres:SCHEMA for the database of qtrade.journal.connection.";
    private const long ProgressEvery = 100_000;

    public static Command Create(ProgramEnvironment environment)
    {
        SettingOptions settings = SettingOptions.ForCopy();
        Option<bool> json = JsonOption.Create();
        var from = new Argument<string>("FROM") { Description = PlaceHelp };
        var to = new Argument<string>("TO") { Description = PlaceHelp };
        var copy = new VerbCommand(
            "copy",
            "Copy a journal that no node runs on: the same events, order and snapshots, in SQLite or in PostgreSQL.",
            "qtrade journal copy data postgres --config mine.conf",
            "qtrade journal copy postgres:qtrade_2025 /var/lib/qtrade/2025 --config mine.conf --json")
        {
            from, to, json,
        };
        settings.AddTo(copy);
        copy.SetAction(async (parsed, stop) => settings.ReadOrReport(parsed, Verb, environment) is { } configuration
            ? await CopyAsync(
                At(parsed.GetRequiredValue(from), configuration.Options.Journal),
                At(parsed.GetRequiredValue(to), configuration.Options.Journal),
                parsed.GetValue(json), environment, stop).ConfigureAwait(false)
            : ExitCode.BadInput);
        return new VerbCommand("journal", "Work on a journal that no node runs on.", "qtrade journal copy data postgres --config mine.conf") { copy };
    }

    private static JournalOptions At(string place, JournalOptions options) =>
        place == Database ? options.In(JournalKind.Postgres, options.DataDir, options.Schema)
        : place.StartsWith($"{Database}:", StringComparison.Ordinal) ? options.In(JournalKind.Postgres, options.DataDir, place[(Database.Length + 1)..])
        : options.In(JournalKind.Sqlite, place, options.Schema);

    private static async Task<int> CopyAsync(JournalOptions from, JournalOptions to, bool json, ProgramEnvironment environment, CancellationToken stop)
    {
        if ((from.Kind == JournalKind.Postgres || to.Kind == JournalKind.Postgres) && from.Connection.Length == 0)
            return environment.Refuse(Verb, "qtrade.journal.connection is not set: name the database there", ExitCode.BadInput);
        if (!NodeJournal.Exists(from, environment))
            return environment.Refuse(Verb, $"there is no journal in {from.ForSqlite(environment.WorkingFolder).Folder}: name the folder of one", ExitCode.BadInput);
        if (!NodeJournal.TryOpen(from, forNode: false, environment, null, out INodeJournal? source, out string? refusal))
            return environment.Refuse(Verb, refusal, ExitCode.Failed);
        await using (source.ConfigureAwait(false))
        {
            LineProgress? progress = environment.OutIsTerminal && !json ? new LineProgress(environment.Out) : null;
            JournalCopied? copied;
            try
            {
                if (!TryWrite(to, source.Contents(), environment, progress, out copied, out refusal, stop))
                    return environment.Refuse(Verb, refusal!, ExitCode.Failed);
            }
            catch (JournalStoreException broken)
            {
                return environment.Refuse(Verb, $"{source.Location} cannot be read ({broken.Message}): nothing was copied; qtrade doctor looks closer", ExitCode.Failed);
            }

            Report(source, to, copied!, json, environment);
            return source.Losses.IsEmpty ? ExitCode.Done : ExitCode.No;
        }
    }

    private static bool TryWrite(
        JournalOptions to, JournalContents contents, ProgramEnvironment environment, LineProgress? progress, out JournalCopied? copied, out string? refusal, CancellationToken stop)
    {
        copied = null;
        if (to.Kind == JournalKind.Sqlite)
            return SqliteCopy.TryWrite(to.ForSqlite(environment.WorkingFolder).Folder, contents, environment.Time, progress, out copied, out refusal, stop);
        return PostgresPassword.TryFind(to, environment, out string? password, out refusal)
            && PostgresCopy.TryWrite(to.ForPostgres(password, forNode: false), contents, progress, out copied, out refusal, stop);
    }

    private static void Report(INodeJournal source, JournalOptions to, JournalCopied copied, bool json, ProgramEnvironment environment)
    {
        string target = to.Kind == JournalKind.Sqlite ? to.ForSqlite(environment.WorkingFolder).Folder : $"schema {to.Schema} of the database";
        string[] losses = [.. source.Losses.Select(loss => loss.ToString())];
        if (!json)
        {
            environment.Out.WriteLine(
                $"copied {copied.Events:N0} events and {copied.Snapshots:N0} snapshots of {copied.Entities:N0} entities from {source.Location} to {target}");
            foreach (string loss in losses)
                environment.Out.WriteLine($"  not copied, because it cannot be read: {loss}");
            return;
        }

        JsonText.WriteLine(environment.Out, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("from", source.Location);
            writer.WriteString("to", target);
            writer.WriteNumber("events", copied.Events);
            writer.WriteNumber("snapshots", copied.Snapshots);
            writer.WriteNumber("entities", copied.Entities);
            writer.WriteStartArray("losses");
            foreach (string loss in losses)
                writer.WriteStringValue(loss);
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    /// <summary>Called on the copy's own thread, so that lines do not mix.</summary>
    private sealed class LineProgress(TextWriter output) : IProgress<long>
    {
        private long _told;

        public void Report(long value)
        {
            if (value - _told < ProgressEvery)
                return;
            _told = value;
            output.WriteLine($"{value:N0} events copied");
        }
    }
}
