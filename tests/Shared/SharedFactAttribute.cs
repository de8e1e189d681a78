using Xunit;

namespace QTrade.Shared;

/// <summary>A fact over the files of <see cref="SharedFiles"/>, skipped with a message where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedFactAttribute : FactAttribute
{
    /// <inheritdoc/>
    public override string? Skip
    {
        get => SharedFiles.Missing ?? base.Skip;
        set => base.Skip = value;
    }
}
