namespace QTrade.Actors.Kernel;

/// <summary>One recorded effect; what the fields hold depends on its kind.</summary>
internal struct EffectEntry
{
    internal EffectKind Kind;
    internal object? Subject;
    internal object? Content;
    internal object? More;
    internal TimeSpan Delay;
}
