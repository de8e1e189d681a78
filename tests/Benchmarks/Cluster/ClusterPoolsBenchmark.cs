using QTrade.Actors;
using QTrade.Actors.Scheduling;
using QTrade.Benchmarks.Pipeline;
using QTrade.Node.Journal.Postgres;
using QTrade.Shared.Journal;

namespace QTrade.Benchmarks.Cluster;

/// <summary>
/// Updates offered at a steady rate to the pools of two nodes, each with actors, writer and connection of its own, over one journal in PostgreSQL with its
/// flushes on: each update is journalled or counted as conflated, and the newest of each pool is journalled.
/// </summary>
internal sealed class ClusterPoolsBenchmark : IBenchmark
{
    private const int Nodes = 2;
    private const int Pools = 1_000;
    private const int Runs = 3;
    private const double OfferedPerSecond = 20_000;

    public string Name => "cluster-pools";

    public string About => $"updates through {Pools:N0} pool actors of each of {Nodes} nodes, journalled in one PostgreSQL";

    public void Run(BenchmarkContext context)
    {
        if (PostgresServerProcess.Missing is { } missing)
        {
            context.Output.WriteLine($"  skipped: {missing}");
            return;
        }

        using PostgresServerProcess server = PostgresServerProcess.Start();
        Member[] nodes = [.. Enumerable.Range(1, Nodes).Select(number => new Member(server, number))];
        for (int run = 1; run <= Runs; run++) Run(context, nodes, run);
        foreach (Member node in nodes) node.Dispose();
    }

    private static void Run(BenchmarkContext context, Member[] nodes, int run)
    {
        int updates = context.Size(full: 100_000, smoke: 2_000);
        long[] published = [.. nodes.Select(node => node.Pipeline.Published)], conflated = [.. nodes.Select(node => node.Pipeline.Conflated)];
        TimeSpan elapsed = BenchmarkContext.Time(() =>
        {
            Thread[] feeds = [.. nodes.Select(node => new Thread(() => node.Pipeline.Offer(updates, OfferedPerSecond)))];
            foreach (Thread feed in feeds) feed.Start();
            foreach (Thread feed in feeds) feed.Join();
        });
        long journalled = 0;
        for (int i = 0; i < nodes.Length; i++)
        {
            published[i] = nodes[i].Pipeline.Published - published[i];
            conflated[i] = nodes[i].Pipeline.Conflated - conflated[i];
            journalled += published[i];
            context.Report($"run {run}: node {i + 1}: journalled", published[i] / elapsed.TotalSeconds, "/s");
            context.Report($"run {run}: node {i + 1}: conflated", conflated[i] / elapsed.TotalSeconds, "/s");
            context.Report($"run {run}: node {i + 1}: offered, neither journalled nor conflated", updates - published[i] - conflated[i], "updates");
        }

        context.Report($"run {run}: journalled by all nodes", journalled / elapsed.TotalSeconds, "/s");
    }

    private sealed class Member : IDisposable
    {
        private readonly PostgresJournal _journal;
        private readonly ActorSystem _system;

        public Member(PostgresServerProcess server, int number)
        {
            var options = new PostgresJournalOptions { Connection = server.Connection, Password = server.Password };
            if (!PostgresJournal.TryOpen(options, TimeProvider.System, null, out PostgresJournal? journal, out string? refusal))
                throw new InvalidOperationException(refusal);
            _journal = journal;
            _system = new ActorSystem(new ThreadPoolScheduler(), new ActorSystemOptions { Journal = journal });
            Pipeline = new PoolPipeline(_system, Pools, conflate: true, $"pool/n{number}-");
        }

        public PoolPipeline Pipeline { get; }

        public void Dispose()
        {
            _system.Dispose();
            _journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}
