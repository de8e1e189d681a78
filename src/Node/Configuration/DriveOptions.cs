using System.ComponentModel.DataAnnotations;

namespace QTrade.Node.Configuration;

/// <summary>What says where the market is cut; the same on every node of a cluster.</summary>
public sealed class DriveOptions
{
    /// <summary>Time, or the feed's positions.</summary>
    public DriveKind Kind { get; init; } = DriveKind.Live;

    /// <summary>Observations from one cut of a tape to the next.</summary>
    [Range(1, 1_000_000)]
    public int CutEvery { get; init; } = 1_000;

    /// <summary>After how many cuts the tape ends, and the node stays; 0: it does not end.</summary>
    [Range(0, 1_000_000_000)]
    public int Cuts { get; init; }
}
