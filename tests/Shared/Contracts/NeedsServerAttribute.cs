namespace QTrade.Shared.Contracts;

/// <summary>Marks specs that need a server though they derive from a contract that does not.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class NeedsServerAttribute : Attribute
{
    /// <summary>Why they are skipped; null where they are not.</summary>
    public abstract string? Skip { get; }
}
