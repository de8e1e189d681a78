using System.Text.Json;
using QTrade.Node.Verbs;

namespace QTrade.Node.Tests.Verbs;

public sealed class ConfigVerbSpecs : IDisposable
{
    private readonly ProgramRun _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Every_setting_is_shown_with_the_layer_that_set_it()
    {
        string file = _program.Write("mine.conf", "qtrade {\n  router.min-interval = 20ms\n}");
        _program.Variables["QTRADE__QUEUE__OUTSTANDING"] = "50";

        ProgramAnswer answer = await _program.RunAsync("config", "--config", "mine.conf", "--seed", "7", "--set", "terminal.line-interval=2s");

        Assert.Equal(ExitCode.Done, answer.ExitCode);
        Assert.Equal($"20ms --config file: {file}:2:25", Shown(answer, "qtrade.router.min-interval"));
        Assert.Equal("50 environment: environment variable QTRADE__QUEUE__OUTSTANDING", Shown(answer, "qtrade.queue.outstanding"));
        Assert.Equal("7 command line: option --seed", Shown(answer, "qtrade.simulation.seed"));
        Assert.Equal("2s command line: option --set", Shown(answer, "qtrade.terminal.line-interval"));
        Assert.Equal("0 default", Shown(answer, "qtrade.solver.worker-threads"));
        Assert.StartsWith("7d common file: ", Shown(answer, "qtrade.journal.retain"), StringComparison.Ordinal);
        Assert.StartsWith("paper role file: ", Shown(answer, "qtrade.execute"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_in_json()
    {
        ProgramAnswer answer = await _program.RunAsync("config", "--json", "--rate", "250");

        using JsonDocument json = JsonDocument.Parse(answer.Out);
        JsonElement rate = json.RootElement.GetProperty("settings").EnumerateArray().Single(setting => setting.GetProperty("key").GetString() == "qtrade.simulation.rate");
        Assert.Equal(("250", "command line", "option --rate"), (rate.GetProperty("value").GetString(), rate.GetProperty("layer").GetString(), rate.GetProperty("origin").GetString()));
        Assert.Equal(0, json.RootElement.GetProperty("problems").GetArrayLength());
    }

    [Fact]
    public async Task A_wrong_setting_is_named_and_is_bad_input()
    {
        ProgramAnswer answer = await _program.RunAsync("config", "--rate", "-5");

        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Equal("qtrade config: option --rate: qtrade.simulation.rate = '-5' must lie between 0.1 and 1000000", answer.ErrorLine);
    }

    private static string Shown(ProgramAnswer answer, string key)
    {
        string line = answer.Out.Split('\n').Single(line => line.StartsWith($"{key} ", StringComparison.Ordinal));
        string[] parts = line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Split('#');
        return $"{parts[0].Trim()} {parts[1].Trim()}";
    }
}
