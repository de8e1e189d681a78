namespace QTrade.Actors.Tests;

/// <summary>Specs that measure what the whole process does, and so run beside no other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
