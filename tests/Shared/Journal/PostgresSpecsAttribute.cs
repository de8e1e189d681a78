namespace QTrade.Shared.Journal;

/// <summary>Marks specs that need a <see cref="PostgresServerProcess"/> though they derive from a contract that does not.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PostgresSpecsAttribute : Attribute
{
    /// <summary>Why they are skipped; null where they are not.</summary>
    public string? Skip => PostgresServerProcess.Missing;
}
