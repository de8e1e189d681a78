namespace QTrade.Node.Tests.Journal;

/// <summary>A fact that needs a <see cref="TinyDisk"/>, skipped with a message where none can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TinyDiskFactAttribute : FactAttribute
{
    public override string? Skip
    {
        get => TinyDisk.CanMount ? base.Skip : "needs the right to mount a disk of a few MiB (root on Linux)";
        set => base.Skip = value;
    }
}
