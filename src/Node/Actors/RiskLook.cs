namespace QTrade.Node.Actors;

/// <summary>Time to say how the shared loss limit stands.</summary>
internal sealed record RiskLook : IRiskMessage
{
    public static RiskLook Instance { get; } = new();
}
