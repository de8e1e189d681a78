namespace QTrade.Node.Cluster;

/// <summary>Time to try again what the broker did not take.</summary>
internal sealed record SendAgain(SendOver Message) : ISenderMessage;
