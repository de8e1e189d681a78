using System.Globalization;

namespace QTrade.Cluster.Tests;

/// <summary>What something took, and what it may take.</summary>
/// <param name="What">What it was.</param>
/// <param name="Time">What it took.</param>
/// <param name="Max">What it may take where nothing else runs; null for no bound.</param>
/// <param name="Load">How much longer everything took, by <see cref="MachineLoad"/>.</param>
internal sealed record Timing(string What, TimeSpan Time, TimeSpan? Max, double Load)
{
    /// <summary>Until all shards of a node that died, left or was cut off are answered by others.</summary>
    public static readonly TimeSpan PoolsMax = TimeSpan.FromSeconds(3);

    /// <summary>Until what a paused node did is done by others.</summary>
    public static readonly TimeSpan PausedMax = TimeSpan.FromSeconds(8);

    /// <summary>Until what a node did that is cut from its database is done by others: 3 s until it gives back what it has, and what that takes.</summary>
    public static readonly TimeSpan CutFromDatabaseMax = TimeSpan.FromSeconds(8);

    /// <summary>The same where the database does not answer: a commit counts as broken after another 3 s.</summary>
    public static readonly TimeSpan NoAnswerFromDatabaseMax = TimeSpan.FromSeconds(11);

    /// <summary>Until a node has left.</summary>
    public static readonly TimeSpan LeaveMax = TimeSpan.FromSeconds(1);

    /// <summary>Until a halt holds at every node.</summary>
    public static readonly TimeSpan HaltMax = TimeSpan.FromSeconds(1);

    /// <summary>Whether it took no longer than it may, loaded as the machine was.</summary>
    public bool IsWithin => Max is not { } max || Time < max * Load;

    public override string ToString() => Max is not { } max
        ? string.Create(CultureInfo.InvariantCulture, $"{What} {Time.TotalSeconds:0.00} s")
        : string.Create(CultureInfo.InvariantCulture, $"{What} {Time.TotalSeconds:0.00} s (< {max.TotalSeconds:0.#} s x {Load:0.00}){(IsWithin ? "" : " TOO LONG")}");
}
