using QTrade.Shared.Contracts;

namespace QTrade.Shared.Journal;

/// <summary>Marks specs that need a <see cref="PostgresServerProcess"/> though they derive from a contract that does not.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PostgresSpecsAttribute : NeedsServerAttribute
{
    /// <inheritdoc/>
    public override string? Skip => PostgresServerProcess.Missing;
}
