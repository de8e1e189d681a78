namespace QTrade.Trading.Cluster;

/// <summary>How often nodes speak, and how long silence is borne. Moments are monotonic: time since any fixed one, never a wall clock, which may jump.</summary>
public static class ClusterTiming
{
    /// <summary>A node announces itself this often.</summary>
    public static readonly TimeSpan AnnounceEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>A node not heard for so long counts as gone. A false alarm is harmless: single active consumers and the journal's unique key keep one owner.</summary>
    public static readonly TimeSpan GoneAfter = TimeSpan.FromMilliseconds(1500);

    /// <summary>A node takes no shard until it listened for so long: by then it heard everybody who lives.</summary>
    public static readonly TimeSpan ListenFirst = GoneAfter;

    /// <summary>What executors may do is told this often.</summary>
    public static readonly TimeSpan ControlEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>An executor that heard no control for so long halts itself.</summary>
    public static readonly TimeSpan ControlSilence = TimeSpan.FromSeconds(1);

    /// <summary>A node whose journal has been broken for so long gives back everything that needs one: others may reach theirs.</summary>
    public static readonly TimeSpan JournalSilence = TimeSpan.FromSeconds(3);

    /// <summary>A journal that is broken is tried this often.</summary>
    public static readonly TimeSpan JournalTriedEvery = TimeSpan.FromSeconds(1);
}
