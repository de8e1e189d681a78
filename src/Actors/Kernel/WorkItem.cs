namespace QTrade.Actors.Kernel;

/// <summary>Work of an actor outside its turn; its end comes back as a message, whatever it is.</summary>
internal abstract class WorkItem(ActorCell owner) : ISimulationSource
{
    public ActorPath Path => owner.Path;

    private protected ActorCell Owner => owner;

    /// <summary>Runs it and tells how it ended. Never throws.</summary>
    internal abstract void Execute();

    /// <summary>Tells that it was not run.</summary>
    internal abstract void Refuse(string reason);
}
