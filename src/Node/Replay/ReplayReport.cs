using System.Collections.Immutable;

namespace QTrade.Node.Replay;

/// <summary>What a replay of a journal found.</summary>
/// <param name="Events">Events read.</param>
/// <param name="Decisions">Decisions met.</param>
/// <param name="Same">Decisions that came out the same, byte for byte.</param>
/// <param name="Divergences">Those that did not, the first <see cref="DivergencesMax"/> of them.</param>
/// <param name="Diverged">How many did not.</param>
/// <param name="Missing">Decisions that cannot be solved again: the journal no longer has all that they were made of.</param>
/// <param name="FirstMissing">Why the first of them cannot be; null where there is none.</param>
/// <param name="OtherSolvers">Solvers other than this program's that made decisions, with how many.</param>
public sealed record ReplayReport(
    long Events,
    long Decisions,
    long Same,
    ImmutableArray<ReplayDivergence> Divergences,
    long Diverged,
    long Missing,
    string? FirstMissing,
    ImmutableSortedDictionary<string, long> OtherSolvers)
{
    /// <summary>How many of those that did not come out the same differ in nothing but the solver's name, as after an upgrade that changed no decision.</summary>
    public long DivergedInNameAlone { get; init; }

    /// <summary>Cuts of a tape that were decided.</summary>
    public long TapeCuts { get; init; }

    /// <summary>The first of them that the journal still has; 0 for none.</summary>
    public long FirstTapeCut { get; init; }

    /// <summary>The last of them; 0 for none.</summary>
    public long LastTapeCut { get; init; }

    /// <summary>One number for these decisions (<see cref="Replay.TapeDigest"/>); null where there is none.</summary>
    public string? TapeDigest { get; init; }

    /// <summary>Divergences that are kept; further ones are only counted.</summary>
    public const int DivergencesMax = 20;

    /// <summary>Whether every decision that could be solved again came out the same.</summary>
    public bool Verified => Diverged == 0;
}
