namespace QTrade.Hocon;

/// <summary>What a HOCON document may cost, whoever wrote it. Beyond a limit stands a <see cref="HoconException"/> that names it.</summary>
public static class HoconLimits
{
    /// <summary>Bytes of one file or string.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Objects and arrays inside each other, path elements counted, before and after substitution.</summary>
    public const int MaxDepth = 64;

    /// <summary>Files that include each other in one chain.</summary>
    public const int MaxIncludeDepth = 16;

    /// <summary>Files included by one document altogether.</summary>
    public const int MaxIncludedFiles = 256;

    /// <summary>Substitutions that lead to each other in one chain.</summary>
    public const int MaxSubstitutionDepth = 512;

    /// <summary>Steps of substitution: values looked at, items of lists, and one for every 16 characters joined.</summary>
    public const int MaxSubstitutionSteps = 1_000_000;
}
