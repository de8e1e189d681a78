using System.CommandLine;
using QTrade.Node.Configuration;

namespace QTrade.Node.Verbs;

/// <summary><c>qtrade config</c>: every setting, its value, and the layer and line that set it.</summary>
internal static class ConfigVerb
{
    private const string Verb = "config";

    public static Command Create(ProgramEnvironment environment)
    {
        SettingOptions settings = SettingOptions.ForNode();
        Option<bool> json = JsonOption.Create();
        var command = new VerbCommand(
            Verb,
            "Show every setting, its value and where it came from.",
            "qtrade config",
            "qtrade config --config mine.conf --set router.min-interval=20ms",
            "QTRADE__SIMULATION__SEED=7 qtrade config --json")
        {
            json,
        };
        settings.AddTo(command);
        command.SetAction(parsed => Show(settings.Read(parsed, environment), parsed.GetValue(json), environment));
        return command;
    }

    private static int Show(NodeConfiguration configuration, bool json, ProgramEnvironment environment)
    {
        if (json)
            WriteJson(configuration, environment.Out);
        else
            WriteTable(configuration, environment.Out);
        foreach (string problem in configuration.Problems)
            environment.Refuse(Verb, problem, ExitCode.BadInput);
        return configuration.Problems.IsEmpty ? ExitCode.Done : ExitCode.BadInput;
    }

    private static void WriteTable(NodeConfiguration configuration, TextWriter output)
    {
        int keyWidth = configuration.Settings.Max(setting => setting.Key.Length);
        int valueWidth = configuration.Settings.Max(setting => setting.Value.Length);
        foreach (EffectiveSetting setting in configuration.Settings)
        {
            string origin = setting.Origin.Length == 0 ? setting.Layer : $"{setting.Layer}: {setting.Origin}";
            output.WriteLine($"{setting.Key.PadRight(keyWidth)} = {setting.Value.PadRight(valueWidth)}  # {origin}");
        }
    }

    private static void WriteJson(NodeConfiguration configuration, TextWriter output) =>
        JsonText.WriteLine(output, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("settings");
            foreach (EffectiveSetting setting in configuration.Settings)
            {
                json.WriteStartObject();
                json.WriteString("key", setting.Key);
                json.WriteString("value", setting.Value);
                json.WriteString("layer", setting.Layer);
                json.WriteString("origin", setting.Origin);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("problems");
            foreach (string problem in configuration.Problems)
                json.WriteStringValue(problem);
            json.WriteEndArray();
            json.WriteEndObject();
        });
}
