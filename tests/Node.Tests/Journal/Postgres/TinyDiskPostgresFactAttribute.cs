using QTrade.Shared.Journal;

namespace QTrade.Node.Tests.Journal.Postgres;

/// <summary>A fact that needs a PostgreSQL server and a <see cref="TinyDisk"/>, skipped with a message where either is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TinyDiskPostgresFactAttribute : FactAttribute
{
    public override string? Skip
    {
        get => PostgresServerProcess.Missing ?? (TinyDisk.CanMount ? base.Skip : "needs the right to mount a disk of a few MiB (root on Linux)");
        set => base.Skip = value;
    }
}
