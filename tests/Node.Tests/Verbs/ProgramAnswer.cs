namespace QTrade.Node.Tests.Verbs;

/// <summary>What a command line answered.</summary>
internal sealed record ProgramAnswer(int ExitCode, string Out, string Error)
{
    /// <summary>The error output, which must be one line.</summary>
    public string ErrorLine
    {
        get
        {
            Assert.Equal(1, Error.Count(c => c == '\n'));
            return Error.TrimEnd();
        }
    }
}
