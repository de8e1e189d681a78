namespace QTrade.Actors.Work;

/// <summary>Why work or input and output gave no answer.</summary>
/// <param name="Reason">One line for a person.</param>
/// <param name="Exception">What was thrown; null where the work was refused before it ran.</param>
public sealed record WorkFailure(string Reason, Exception? Exception);
