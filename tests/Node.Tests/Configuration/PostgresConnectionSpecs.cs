using QTrade.Node.Tests.Verbs;
using QTrade.Node.Verbs;

namespace QTrade.Node.Tests.Configuration;

public sealed class PostgresConnectionSpecs : IDisposable
{
    private readonly ProgramRun _program = new();

    public void Dispose() => _program.Dispose();

    [Theory]
    [InlineData("Host=db;Username=qtrade;Password=secret42")]
    [InlineData("Host=db;Username=qtrade;pwd=secret42")]
    [InlineData("Host=db;Usernam=qtrade;secret42")]
    public async Task A_password_in_the_configuration_is_refused_and_shown_nowhere(string connection)
    {
        _program.Write("mine.conf", $"qtrade.journal {{ kind = postgres, connection = \"{connection}\" }}");

        foreach (string verb in new[] { "run", "config", "doctor" })
        {
            ProgramAnswer answer = await _program.RunAsync(verb, "--config", "mine.conf");

            Assert.NotEqual(ExitCode.Done, answer.ExitCode);
            Assert.Contains("qtrade.journal.connection", answer.Error + answer.Out, StringComparison.Ordinal);
            Assert.DoesNotContain("secret42", answer.Error + answer.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_journal_in_a_database_needs_to_be_told_which()
    {
        ProgramAnswer answer = await _program.RunAsync("run", "--set", "journal.kind=postgres");

        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Contains("needs qtrade.journal.connection", answer.Error, StringComparison.Ordinal);
    }
}
