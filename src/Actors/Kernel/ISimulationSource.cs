namespace QTrade.Actors.Kernel;

/// <summary>What stands behind a simulated event: its path breaks ties between events of the same instant.</summary>
internal interface ISimulationSource
{
    ActorPath Path { get; }
}
