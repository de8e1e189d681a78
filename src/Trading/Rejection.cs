using QTrade.Messages;

namespace QTrade.Trading;

/// <summary>Why a rule refused a command, or why the command changed nothing.</summary>
/// <param name="Code">The reason, counted by its code.</param>
/// <param name="Detail">One line for a person; null where the code says it all.</param>
public readonly record struct Rejection(ReasonCode Code, string? Detail = null)
{
    public override string ToString() => Detail is null ? Code.ToString() : $"{Code}: {Detail}";
}
