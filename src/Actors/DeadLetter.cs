namespace QTrade.Actors;

/// <summary>A message that was not handled.</summary>
/// <param name="Recipient">Whom it was for.</param>
/// <param name="MessageType">The name of its type.</param>
/// <param name="Reason">Why it was not handled.</param>
public readonly record struct DeadLetter(ActorPath Recipient, string MessageType, DeadLetterReason Reason);
