using System.CommandLine;
using QTrade.Node.Configuration;
using QTrade.Node.Doctor;

namespace QTrade.Node.Verbs;

/// <summary><c>qtrade doctor</c>: what is wrong on this machine, and what to do.</summary>
internal static class DoctorVerb
{
    public static Command Create(ProgramEnvironment environment)
    {
        SettingOptions settings = SettingOptions.ForNode();
        Option<bool> json = JsonOption.Create();
        var command = new VerbCommand(
            "doctor",
            "Check runtime, disk, ports, journal, configuration and endpoints; say what is wrong and what to do.",
            "qtrade doctor",
            "qtrade doctor --data /var/lib/qtrade --config mine.conf",
            "qtrade doctor --json")
        {
            json,
        };
        settings.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            NodeConfiguration configuration = settings.Read(parsed, environment);
            IReadOnlyList<Finding> endpoints = await EndpointCheck.LookAsync(configuration.Options, environment.Time, stop).ConfigureAwait(false);
            return Report([.. Look(configuration, environment), .. endpoints], parsed.GetValue(json), environment.Out);
        });
        return command;
    }

    private static IEnumerable<Finding> Look(NodeConfiguration configuration, ProgramEnvironment environment) =>
    [
        .. RuntimeCheck.Look(),
        .. configuration.Options.Journal.Kind == JournalKind.Sqlite
            ? DiskCheck.Look(configuration.Options.Journal, environment.WorkingFolder, environment.Time)
            : [],
        AdminPortCheck.Look(configuration, environment.Variables, environment.Locate),
        .. configuration.Options.Journal.Kind == JournalKind.Sqlite
            ? JournalCheck.Look(configuration.Options.Journal, environment.WorkingFolder)
            : PostgresCheck.Look(configuration.Options.Journal, environment),
        .. ConfigurationCheck.Look(configuration, environment.Locate),
    ];

    private static int Report(IReadOnlyList<Finding> findings, bool json, TextWriter output)
    {
        if (json)
            WriteJson(findings, output);
        else
            WriteText(findings, output);
        return findings.Any(finding => finding.Health == Health.Bad) ? ExitCode.No : ExitCode.Done;
    }

    private static void WriteText(IReadOnlyList<Finding> findings, TextWriter output)
    {
        int width = findings.Max(finding => finding.Subject.Length);
        foreach (Finding finding in findings)
        {
            string mark = finding.Health switch { Health.Good => "ok  ", Health.Doubtful => "WARN", _ => "FAIL" };
            output.WriteLine($"{mark}  {finding.Subject.PadRight(width)}  {finding.Text}");
            if (finding.Advice.Length > 0)
                output.WriteLine($"      {new string(' ', width)}  -> {finding.Advice}");
        }

        int bad = findings.Count(finding => finding.Health == Health.Bad);
        int doubtful = findings.Count(finding => finding.Health == Health.Doubtful);
        output.WriteLine(bad > 0 ? $"{bad} to repair before a node can run" : doubtful > 0 ? $"a node can run; {doubtful} to look at" : "a node can run");
    }

    private static void WriteJson(IReadOnlyList<Finding> findings, TextWriter output) =>
        JsonText.WriteLine(output, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("canRun", findings.All(finding => finding.Health != Health.Bad));
            json.WriteStartArray("findings");
            foreach (Finding finding in findings)
            {
                json.WriteStartObject();
                json.WriteString("subject", finding.Subject);
                json.WriteString("health", finding.Health.ToString().ToLowerInvariant());
                json.WriteString("text", finding.Text);
                json.WriteString("advice", finding.Advice);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
}
