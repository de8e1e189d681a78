using QTrade.Trading;

namespace QTrade.Node.Actors;

/// <summary>A registration is durable and published, was in force already, or was refused.</summary>
/// <param name="PersistenceId">The entity.</param>
/// <param name="Rejection">Why it was refused; null where it was not.</param>
public sealed record RegistrationEnded(string PersistenceId, Rejection? Rejection) : IRegistryMessage;
