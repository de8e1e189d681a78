namespace QTrade.Actors.Kernel;

/// <summary>What an actor is at.</summary>
internal enum CellState
{
    /// <summary>Made, not started.</summary>
    New,

    /// <summary>Its stored events are being read; messages wait.</summary>
    Recovering,

    /// <summary>Handles messages.</summary>
    Active,

    /// <summary>Waits for its append; messages wait.</summary>
    Persisting,

    /// <summary>Failed and waits for its restart; messages wait.</summary>
    Suspended,

    /// <summary>Waits for its children to stop, in order to restart.</summary>
    Restarting,

    /// <summary>Waits for its children to stop, in order to stop.</summary>
    Stopping,

    /// <summary>Gone.</summary>
    Stopped,
}
