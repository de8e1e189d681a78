using QTrade.Shared.Broker;
using QTrade.Shared.Journal;

namespace QTrade.Cluster.Tests;

/// <summary>A fact that needs both servers, skipped with a message where one is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClusterFactAttribute : FactAttribute
{
    /// <inheritdoc/>
    public override string? Skip
    {
        get => RabbitServerProcess.Missing ?? PostgresServerProcess.Missing ?? base.Skip;
        set => base.Skip = value;
    }
}
