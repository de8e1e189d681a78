namespace QTrade.Node.Configuration;

/// <summary>What says where the market is cut.</summary>
public enum DriveKind
{
    /// <summary>Time: the newest state, when it is due.</summary>
    Live,

    /// <summary>The feed, after fixed positions: any number of nodes decide the same bytes.</summary>
    Tape,
}
