using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Trading.Ledgers;

namespace QTrade.Trading.Routing;

/// <summary>What survives of the router. The market itself is not here: it is published anew by the pools (<see cref="MarketView"/>).</summary>
/// <param name="Epoch">The last router's epoch, 0 before the first.</param>
/// <param name="Number">Number of the last snapshot of this epoch, 0 before the first.</param>
/// <param name="LastHandOut">The last snapshot handed out, with its whole cut; null in a new epoch.</param>
/// <param name="Undecided">Snapshots that optimizers are at, with the slot each was cut at.</param>
/// <param name="Open">Decisions with routes that have not all ended.</param>
/// <param name="LastDecision">Where the next solve may begin.</param>
/// <param name="Withheld">Pools that no new route may use yet.</param>
/// <param name="Snapshots">The snapshots' ledger.</param>
/// <param name="Routes">The routes' ledger.</param>
/// <param name="Reasons">Why snapshots and routes ended without effect.</param>
/// <param name="Profit">Planned profit after costs of everything decided, in value units.</param>
/// <param name="TapeCut">The last cut of the tape that is over; 0 where none was.</param>
/// <param name="Tape">The tape that this journal holds; empty for none.</param>
public sealed record RouterState(
    long Epoch,
    long Number,
    HandedOutCut? LastHandOut,
    ImmutableSortedDictionary<SnapshotId, UndecidedSnapshot> Undecided,
    ImmutableSortedDictionary<SnapshotId, OpenSolution> Open,
    LastDecision? LastDecision,
    ImmutableDictionary<PoolId, WithheldPool> Withheld,
    Ledger<SnapshotId> Snapshots,
    Ledger<TradeId> Routes,
    ReasonTally Reasons,
    double Profit,
    long TapeCut = 0,
    string Tape = "")
{
    /// <summary>Before the first router.</summary>
    public static RouterState Initial { get; } = new(
        0,
        0,
        null,
        ImmutableSortedDictionary<SnapshotId, UndecidedSnapshot>.Empty,
        ImmutableSortedDictionary<SnapshotId, OpenSolution>.Empty,
        null,
        ImmutableDictionary<PoolId, WithheldPool>.Empty,
        new Ledger<SnapshotId>(),
        new Ledger<TradeId>(),
        ReasonTally.Empty,
        0);
}
