using System.Collections.Immutable;
using QTrade.Broker;
using QTrade.Messages.Execution;

namespace QTrade.Node;

/// <summary>What a node is and has done since its start, at one moment. Rates are the reader's: the difference of two statuses over their uptimes.</summary>
public sealed record NodeStatus
{
    /// <summary>Time since the node started.</summary>
    public required TimeSpan Uptime { get; init; }

    /// <summary>Name of the market.</summary>
    public required string Market { get; init; }

    /// <summary>Pools that are traded.</summary>
    public required int Pools { get; init; }

    /// <summary>Tokens known.</summary>
    public required int Tokens { get; init; }

    /// <summary>Newest slot seen.</summary>
    public ulong Slot { get; init; }

    /// <summary>Updates of pools that the feed delivered.</summary>
    public long Updates { get; init; }

    /// <summary>Updates that a newer one of the same pool replaced before they were used (law 3).</summary>
    public long Conflated { get; init; }

    /// <summary>Updates refused: unknown pool, no number, older than the pool's position.</summary>
    public long UpdatesRefused { get; init; }

    /// <summary>The feed of a chain's accounts; null for the simulated chain.</summary>
    public FeedStatus? Feed { get; init; }

    /// <summary>Solves that ended with a result.</summary>
    public long Solves { get; init; }

    /// <summary>Which optimizers have snapshots of this node's router, in numbers.</summary>
    public LeaseStatus Leases { get; init; } = LeaseStatus.None;

    /// <summary>How snapshots travelled to optimizers on other nodes.</summary>
    public OfferStatus Offers { get; init; } = OfferStatus.None;

    /// <summary>The last decision; null before the first.</summary>
    public LastDecisionStatus? LastDecision { get; init; }

    /// <summary>Solutions published and not ended.</summary>
    public int Outstanding { get; init; }

    /// <summary>The bound of <see cref="Outstanding"/>.</summary>
    public required int OutstandingMax { get; init; }

    /// <summary>What the executor may do.</summary>
    public TradingState TradingState { get; init; } = TradingState.Active;

    /// <summary>Why, in one line; empty where trading is active.</summary>
    public string TradingStateReason { get; init; } = string.Empty;

    /// <summary>Routes that took effect.</summary>
    public long Executed { get; init; }

    /// <summary>Sum of profits after costs, in value units.</summary>
    public double Profit { get; init; }

    /// <summary>What the fills sum to per token, largest value first.</summary>
    public ImmutableArray<BalanceStatus> Balances { get; init; } = [];

    /// <summary>The ledger of snapshots (law 6).</summary>
    public required LedgerStatus Snapshots { get; init; }

    /// <summary>The ledger of routes.</summary>
    public required LedgerStatus Routes { get; init; }

    /// <summary>Everything that was refused or ended without effect, by who refused: one entry for each <see cref="RefusalSource"/>, in its order.</summary>
    public ImmutableArray<RefusalStatus> Refusals { get; init; } = [];

    /// <summary>The broker; null of a node by itself.</summary>
    public TransportStatus? Broker { get; init; }

    /// <summary>The journal.</summary>
    public required JournalStatus Journal { get; init; }

    /// <summary>Failures that were counted and healed or passed over: solver faults, dead letters, poison, restarts, refused appends.</summary>
    public long Faults { get; init; }

    /// <summary>The last of them in one line; null before the first.</summary>
    public string? LastFault { get; init; }
}
