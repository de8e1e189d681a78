using QTrade.Shared.Contracts;

namespace QTrade.Shared.Broker;

/// <summary>Marks specs that need a <see cref="RabbitServerProcess"/> though they derive from a contract that does not.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RabbitSpecsAttribute : NeedsServerAttribute
{
    /// <inheritdoc/>
    public override string? Skip => RabbitServerProcess.Missing;
}
