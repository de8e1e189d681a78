using System.CommandLine;
using QTrade.Messages.Routing;
using QTrade.Node.Configuration;
using QTrade.Node.Journal;
using QTrade.Node.Replay;
using QTrade.Solver;

namespace QTrade.Node.Verbs;

/// <summary><c>qtrade replay</c>: solves every recorded decision of a journal again, and compares byte for byte.</summary>
internal static class ReplayVerb
{
    private const string Verb = "replay";
    private const int ProgressEvery = 500;

    /// <summary>The groups of settings that a decision depends on.</summary>
    private static readonly string[] DecidingGroups = ["qtrade.solver.", "qtrade.executor."];

    public static Command Create(ProgramEnvironment environment)
    {
        SettingOptions settings = SettingOptions.ForJournal();
        Option<bool> json = JsonOption.Create();
        var verify = new Option<bool>("--verify") { Description = "Answer no (exit code 1) where a decision comes out differently." };
        var command = new VerbCommand(
            Verb,
            "Solve every recorded decision again, and compare byte for byte.",
            "qtrade replay --verify",
            "qtrade replay --data /var/lib/qtrade --verify --json",
            "qtrade replay --set solver.iterations-max=20")
        {
            verify, json,
        };
        settings.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            if (settings.ReadOrReport(parsed, Verb, environment) is not { } configuration)
                return ExitCode.BadInput;
            bool changed = IsDecidedOtherwise(configuration);
            return changed && parsed.GetValue(verify)
                ? environment.Refuse(Verb, "--verify compares with what was recorded, so no solver or executor setting may be changed: leave out --set or --verify", ExitCode.BadInput)
                : await ReplayAsync(configuration.Options, changed, parsed.GetValue(verify), parsed.GetValue(json), environment, stop).ConfigureAwait(false);
        });
        return command;
    }

    private static bool IsDecidedOtherwise(NodeConfiguration configuration) =>
        configuration.Settings.Any(setting =>
            setting.Layer == ConfigurationLayer.CommandLineName && DecidingGroups.Any(group => setting.Key.StartsWith(group, StringComparison.Ordinal)));

    private static async Task<int> ReplayAsync(
        NodeOptions options, bool changed, bool verify, bool json, ProgramEnvironment environment, CancellationToken stop)
    {
        if (!NodeJournal.Exists(options.Journal, environment))
            return environment.Refuse(
                Verb, $"there is no journal in {options.Journal.ForSqlite(environment.WorkingFolder).Folder}: name its folder with --data, or make one with qtrade run", ExitCode.BadInput);
        if (!NodeJournal.TryOpen(options.Journal, forNode: false, environment, null, out INodeJournal? journal, out string? refusal))
            return environment.Refuse(Verb, refusal, ExitCode.Failed);
        await using (journal.ConfigureAwait(false))
        {
            SolveOptions solveOptions = options.ForRouter().Solve;
            var replay = new JournalReplay(
                changed ? snapshot => SnapshotSolver.Solve(snapshot with { Options = solveOptions }) : SnapshotSolver.Solve, SolverVersion.Current);
            ReplayReport report = replay.Verify(journal, environment.OutIsTerminal && !json ? new LineProgress(environment.Out) : null, stop);
            string[] losses = [.. journal.Losses.Select(loss => loss.ToString())];
            if (json)
                WriteJson(report, losses, environment.Out);
            else
                WriteText(report, losses, environment.Out);
            return verify && !report.Verified ? ExitCode.No : ExitCode.Done;
        }
    }

    private static void WriteText(ReplayReport report, string[] losses, TextWriter output)
    {
        output.WriteLine(
            $"{report.Decisions:N0} decisions in {report.Events:N0} events: {report.Same:N0} came out the same byte for byte, {report.Diverged:N0} differently, "
            + $"{report.Missing:N0} cannot be solved again");
        foreach (ReplayDivergence divergence in report.Divergences)
            output.WriteLine($"  {divergence.Describe(SolverVersion.Current)}");
        if (report.Diverged > report.Divergences.Length)
            output.WriteLine($"  and {report.Diverged - report.Divergences.Length:N0} more");
        if (report.DivergedInNameAlone > 0)
            output.WriteLine($"  {report.DivergedInNameAlone:N0} of them differ in nothing but the solver's name");
        if (report.FirstMissing is { } missing)
            output.WriteLine($"  not solved again, the first: {missing}");
        foreach ((string solver, long count) in report.OtherSolvers)
            output.WriteLine($"  {count:N0} decisions were made by {solver}; this is {SolverVersion.Current}");
        foreach (string loss in losses)
            output.WriteLine($"  lost: {loss}");
        if (report.TapeDigest is { } tape)
            output.WriteLine($"  {report.TapeCuts:N0} cuts of a tape were decided, {report.FirstTapeCut} to {report.LastTapeCut}, digest {tape}");
        output.WriteLine(report.Verified ? "verified: every decision that can be solved again comes out the same" : "DIVERGED");
    }

    private static void WriteJson(ReplayReport report, string[] losses, TextWriter output) =>
        JsonText.WriteLine(output, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("verified", report.Verified);
            json.WriteNumber("events", report.Events);
            json.WriteNumber("decisions", report.Decisions);
            json.WriteNumber("same", report.Same);
            json.WriteNumber("diverged", report.Diverged);
            json.WriteNumber("divergedInNameAlone", report.DivergedInNameAlone);
            json.WriteNumber("missing", report.Missing);
            if (report.FirstMissing is { } missing)
                json.WriteString("firstMissing", missing);
            if (report.TapeDigest is { } tape)
            {
                json.WriteNumber("tapeCuts", report.TapeCuts);
                json.WriteNumber("firstTapeCut", report.FirstTapeCut);
                json.WriteNumber("lastTapeCut", report.LastTapeCut);
                json.WriteString("tapeDigest", tape);
            }

            json.WriteStartArray("divergences");
            foreach (ReplayDivergence divergence in report.Divergences)
                json.WriteStringValue(divergence.Describe(SolverVersion.Current));
            json.WriteEndArray();
            json.WriteStartArray("losses");
            foreach (string loss in losses)
                json.WriteStringValue(loss);
            json.WriteEndArray();
            json.WriteEndObject();
        });

    /// <summary>Called on the replay's own thread, so that lines do not mix.</summary>
    private sealed class LineProgress(TextWriter output) : IProgress<long>
    {
        public void Report(long value)
        {
            if (value % ProgressEvery == 0)
                output.WriteLine($"{value:N0} decisions solved again");
        }
    }
}
