namespace QTrade.Actors.Scheduling;

/// <summary>Why a run of the simulation returned.</summary>
public enum SimulationEnd
{
    /// <summary>It did the step it was asked for.</summary>
    Stepped,

    /// <summary>Nothing is due.</summary>
    Idle,

    /// <summary>The time is reached.</summary>
    TimeReached,

    /// <summary><see cref="SimulationScheduler.BeforeStep"/> ended it.</summary>
    Stopped,
}
