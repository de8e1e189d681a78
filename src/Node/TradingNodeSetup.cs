using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using QTrade.Actors.Journal;
using QTrade.Actors.Scheduling;
using QTrade.Actors.Work;
using QTrade.Markets;
using QTrade.Messages.Routing;
using QTrade.Node.Cluster;
using QTrade.Node.Configuration;
using QTrade.Node.Feeds;

namespace QTrade.Node;

/// <summary>What a node runs on.</summary>
public sealed record TradingNodeSetup
{
    /// <summary>The node's settings, validated.</summary>
    public required NodeOptions Options { get; init; }

    /// <summary>The market to trade on.</summary>
    public required Market Market { get; init; }

    /// <summary>Gives the actors their turns and tells the time.</summary>
    public required Scheduler Scheduler { get; init; }

    /// <summary>Keeps the events; closed by whoever opened it, after the node.</summary>
    public required IJournal Journal { get; init; }

    /// <summary>Where the journal is, for showing.</summary>
    public string JournalPath { get; init; } = "memory";

    /// <summary>Events made durable since the journal was opened.</summary>
    public Func<long> EventsCommitted { get; init; } = () => 0;

    /// <summary>What could not be read back from the journal, one line each.</summary>
    public Func<IReadOnlyList<string>> JournalLosses { get; init; } = () => [];

    /// <summary>The feed, ended by whoever opened it, after the node; null for the simulated chain.</summary>
    public ChainFeed? Feed { get; init; }

    /// <summary>The cluster that the node is part of; null for a node that does everything.</summary>
    public ClusterLink? Cluster { get; init; }

    /// <summary>Hears one line per fault, healing and loss.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;

    /// <summary>Hears of every decision as soon as it is durable, on the router's turn: quick, and never throws.</summary>
    public Action<LastDecisionStatus> Decided { get; init; } = _ => { };

    /// <summary>The solver: a pure function of the snapshot.</summary>
    public Func<SolveSnapshot, SnapshotSolved> Solve { get; init; } = SnapshotSolver.Solve;

    /// <summary>The solver's threads; as many optimizers ask for snapshots.</summary>
    public WorkPoolOptions SolverThreads => Options.Solver.WorkerThreads > 0
        ? new WorkPoolOptions { Threads = Options.Solver.WorkerThreads }
        : new WorkPoolOptions();
}
