namespace QTrade.Node.Verbs;

/// <summary>What the program tells its caller.</summary>
public static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Answered, and the answer is no: not verified, diverged, not healthy.</summary>
    public const int No = 1;

    /// <summary>The input or the usage is wrong.</summary>
    public const int BadInput = 2;

    /// <summary>It should have worked and did not.</summary>
    public const int Failed = 3;
}
