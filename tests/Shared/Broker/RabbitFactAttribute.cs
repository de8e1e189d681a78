using Xunit;

namespace QTrade.Shared.Broker;

/// <summary>A fact that needs a <see cref="RabbitServerProcess"/>, skipped with a message where no server is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RabbitFactAttribute : FactAttribute
{
    /// <inheritdoc/>
    public override string? Skip
    {
        get => RabbitServerProcess.Missing ?? base.Skip;
        set => base.Skip = value;
    }
}
