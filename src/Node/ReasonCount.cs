using QTrade.Messages;

namespace QTrade.Node;

/// <summary>How often something was refused for one reason.</summary>
public sealed record ReasonCount(ReasonCode Reason, long Count);
