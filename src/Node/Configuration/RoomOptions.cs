using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;
using QTrade.Node.Journal;
using QTrade.Node.Journal.Postgres;

namespace QTrade.Node.Configuration;

/// <summary>A node's settings in the words of the rooms that keep them.</summary>
public static class RoomOptions
{
    private const double LossMin = 1e-9;

    /// <summary>How the router times, bounds and plans.</summary>
    public static Trading.Routing.RouterOptions ForRouter(this NodeOptions options) => new()
    {
        MinInterval = options.Router.MinInterval,
        CheckInterval = options.Router.CheckInterval,
        WakeThreshold = options.Router.WakeThreshold,
        VarianceCuts = options.Router.AdaptiveWindow,
        MoveTarget = options.Router.AdaptiveMove,
        WarmStart = options.Router.WarmStart,
        ExpirySlots = options.Queue.ExpirySlots,
        OutstandingMax = options.Queue.Outstanding,
        WaitingMax = options.Queue.WaitingMax,
        FollowsTape = options.Drive.Kind == DriveKind.Tape,
        Solve = new SolveOptions(options.Solver.IterationsMax, options.Executor.ForRoutes()),
    };

    /// <summary>What the executor may risk.</summary>
    public static RiskLimits ForRisk(this ExecutorOptions options) => new(options.MaxNotional, options.MaxLoss, options.ErrorStreak);

    /// <summary>What all executors together may lose, in value units; a little where nothing may be lost, so that the first loss halts and not the start.</summary>
    public static double SharedLossMax(this ExecutorOptions options) => Math.Max(options.SharedLoss > 0 ? options.SharedLoss : options.MaxLoss, LossMin);

    /// <summary>Where a journal in SQLite lies and what it may hold; a relative folder starts in <paramref name="workingFolder"/>.</summary>
    public static SqliteJournalOptions ForSqlite(this JournalOptions options, string workingFolder) => new(options.Bounds())
    {
        Folder = Path.GetFullPath(options.DataDir, workingFolder),
        CheckpointBytes = options.CheckpointSize,
    };

    /// <summary>Where a journal in PostgreSQL is and what it may hold.</summary>
    /// <param name="options">The journal's settings.</param>
    /// <param name="password">The password of the database's role, null to leave it to PostgreSQL's own ways.</param>
    /// <param name="forNode">Whether it is for a node, which makes it where there is none and must be the only one.</param>
    /// <param name="inCluster">Whether other nodes write to it as well.</param>
    public static PostgresJournalOptions ForPostgres(this JournalOptions options, string? password, bool forNode, bool inCluster = false) => new(options.Bounds())
    {
        Connection = options.Connection,
        Schema = options.Schema,
        Password = password,
        Alone = forNode && !inCluster,
        Create = forNode,
    };

    private static JournalBounds Bounds(this JournalOptions options) => new()
    {
        Retain = options.Retain,
        MaxSizeBytes = options.MaxSize,

        // A forgotten trade that is told again is refused by its expiry, which is a slot that passed long ago (law 7).
        FinalManifests = [MessageCodec.Manifests.Single(form => form.MessageType == typeof(TradeEnded)).Manifest],
        RetentionInterval = options.RetentionInterval,
        PendingAppendsMax = options.PendingAppendsMax,
        PendingSnapshotsMax = options.PendingSnapshotsMax,
        GroupAppendsMax = options.GroupAppendsMax,
    };

    private static RouteOptions ForRoutes(this ExecutorOptions options) => new(
        options.LegsMax,
        options.LinkedRoutesMax,
        options.RoutesMax,
        options.CostPerLeg,
        options.CostPerRoute,
        options.MinProfit,
        options.WorkingCapital);
}
