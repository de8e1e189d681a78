using Xunit;

namespace QTrade.Shared;

/// <summary>A theory over the files of <see cref="SharedFiles"/>, skipped with a message where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedTheoryAttribute : TheoryAttribute
{
    /// <inheritdoc/>
    public override string? Skip
    {
        get => SharedFiles.Missing ?? base.Skip;
        set => base.Skip = value;
    }
}
