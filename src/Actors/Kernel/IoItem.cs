namespace QTrade.Actors.Kernel;

/// <summary>Input or output of an actor; its end comes back as a message, whatever it is.</summary>
internal abstract class IoItem(ActorCell owner) : ISimulationSource
{
    public ActorPath Path => owner.Path;

    /// <summary>Runs it and tells how it ended. Never faults.</summary>
    internal abstract Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Tells that it was not run.</summary>
    internal abstract void Refuse(string reason);
}
