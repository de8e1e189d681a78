namespace QTrade.Broker;

/// <summary>A named way between nodes. The names are the cluster's own: two clusters on one broker share none.</summary>
public sealed record Hop
{
    /// <summary>Into how many parts the pools are split.</summary>
    public const int Shards = 64;

    /// <summary>Longest name of a worker, in characters.</summary>
    public const int WorkerLengthMax = 100;

    private Hop(string name, HopKind kind, int lengthMax) => (Name, Kind, LengthMax) = (name, kind, lengthMax);

    /// <summary>Conflated batches of changes of the market, each sender's numbered.</summary>
    public static Hop Market { get; } = new("market", HopKind.FanOut, 10_000);

    /// <summary>What is to be executed; acknowledged once the outcome is durable. The publisher keeps far below the bound, see <see cref="OutstandingPublisher{TId}"/>.</summary>
    public static Hop Results { get; } = new("results", HopKind.Quorum, 200);

    /// <summary>For the router: optimizers that are ready, their answers, outcomes.</summary>
    public static Hop Router { get; } = new("router", HopKind.SingleConsumer, 10_000);

    /// <summary>For the feed: what is to move a simulated chain.</summary>
    public static Hop Feed { get; } = new("feed", HopKind.SingleConsumer, 10_000);

    /// <summary>Halt, resume, limits.</summary>
    public static Hop Control { get; } = new("control", HopKind.DurableFanOut, 1_000);

    /// <summary>Announcements of the nodes.</summary>
    public static Hop Nodes { get; } = new("nodes", HopKind.FanOut, 10_000);

    /// <summary>What nobody could read or handle, kept for a person. Of too many the oldest go.</summary>
    public static Hop Dead { get; } = new("dead", HopKind.SingleConsumer, 10_000);

    /// <summary>Its name, unique in the cluster.</summary>
    public string Name { get; }

    /// <summary>How it delivers.</summary>
    public HopKind Kind { get; }

    /// <summary>How many messages wait on it, or for each who subscribed, at most.</summary>
    public int LengthMax { get; }

    /// <summary>Whether what it carries is on the broker's disk before it is confirmed.</summary>
    public bool IsDurable => Kind is HopKind.SingleConsumer or HopKind.Quorum or HopKind.DurableFanOut;

    /// <summary>Whether everyone who subscribed gets everything.</summary>
    public bool IsFanOut => Kind is HopKind.FanOut or HopKind.DurableFanOut;

    /// <summary>Observations of the pools of one shard.</summary>
    /// <param name="shard">0 to <see cref="Shards"/> - 1.</param>
    public static Hop Pools(int shard)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, Shards);
        return new Hop($"pools.{shard}", HopKind.SingleConsumer, 10_000);
    }

    /// <summary>Snapshots for one optimizer.</summary>
    /// <param name="worker">Its name, unique in the cluster: letters, digits, dots, dashes and underscores.</param>
    /// <exception cref="ArgumentException">The name holds something else, is empty or too long.</exception>
    public static Hop Solve(string worker)
    {
        if (!IsWorker(worker))
            throw new ArgumentException($"'{worker}' is no name of a worker: letters, digits, '.', '-' and '_', at most {WorkerLengthMax}", nameof(worker));
        return new Hop($"solve.{worker}", HopKind.Worker, 16);
    }

    /// <summary>Whether a worker can be called so.</summary>
    public static bool IsWorker(string name) => IsName(name, WorkerLengthMax);

    /// <summary>The hops that are there whoever is connected.</summary>
    public static IEnumerable<Hop> All => [Market, Results, Router, Feed, Control, Nodes, Dead, .. Enumerable.Range(0, Shards).Select(Pools)];

    internal static void ThrowIfDead(Hop hop)
    {
        if (hop == Dead)
            throw new ArgumentException("the dead letters are for a person: what is in there cannot be read as messages", nameof(hop));
    }

    internal static bool IsName(string? text, int lengthMax) =>
        text is { Length: > 0 } && text.Length <= lengthMax
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');
}
