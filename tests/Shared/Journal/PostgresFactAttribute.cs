using Xunit;

namespace QTrade.Shared.Journal;

/// <summary>A fact that needs a <see cref="PostgresServerProcess"/>, skipped with a message where no server is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    /// <inheritdoc/>
    public override string? Skip
    {
        get => PostgresServerProcess.Missing ?? base.Skip;
        set => base.Skip = value;
    }
}
