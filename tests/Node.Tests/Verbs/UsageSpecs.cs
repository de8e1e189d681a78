using QTrade.Node.Verbs;

namespace QTrade.Node.Tests.Verbs;

public sealed class UsageSpecs : IDisposable
{
    private readonly ProgramRun _program = new();

    public void Dispose() => _program.Dispose();

    [Theory]
    [InlineData("confg", "qtrade: there is no verb 'confg'; did you mean 'config'?")]
    [InlineData("verfiy a b", "did you mean 'verify'?")]
    [InlineData("xyzzyxyzzy", "qtrade: there is no verb 'xyzzyxyzzy' (see")]
    [InlineData("config --jsn", "qtrade config: there is no option '--jsn'; did you mean '--json'?")]
    [InlineData("config --sed 3", "did you mean '--seed'?")]
    [InlineData("config extra", "'extra' is one argument too many")]
    [InlineData("verify", "MARKET")]
    [InlineData("config --seed", "--seed")]
    [InlineData("config --set router", "--set 'router' has no value: write KEY=VALUE")]
    public async Task Wrong_usage_is_one_line_that_suggests_what_was_meant(string line, string expected)
    {
        ProgramAnswer answer = await _program.RunAsync(line.Split(' '));

        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Contains(expected, answer.ErrorLine, StringComparison.Ordinal);
        Assert.Contains("--help", answer.ErrorLine, StringComparison.Ordinal);
        Assert.Empty(answer.Out);
    }

    [Theory]
    [InlineData("--help", "qtrade solve")]
    [InlineData("help", "qtrade solve")]
    [InlineData("help config", "qtrade config --config mine.conf")]
    [InlineData("run --help", "qtrade run --for 30s")]
    [InlineData("replay --help", "qtrade replay --verify")]
    [InlineData("doctor --help", "qtrade doctor --json")]
    [InlineData("solve --help", "qtrade solve market.json --format arbitrage")]
    [InlineData("config --help", "qtrade config --config mine.conf")]
    [InlineData("verify -h", "qtrade verify market.json result.json --json")]
    public async Task Every_verb_has_help_with_examples(string line, string example)
    {
        ProgramAnswer answer = await _program.RunAsync(line.Split(' '));

        Assert.Equal(ExitCode.Done, answer.ExitCode);
        Assert.Contains("Examples:", answer.Out, StringComparison.Ordinal);
        Assert.Contains(example, answer.Out, StringComparison.Ordinal);
        Assert.Empty(answer.Error);
    }
}
