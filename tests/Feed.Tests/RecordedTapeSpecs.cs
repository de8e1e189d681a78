using QTrade.Actors.Journal;
using QTrade.Actors.Scheduling;
using QTrade.Feed.Tests.Endpoint;
using QTrade.Markets;
using QTrade.Messages.Pools;
using QTrade.Messages.Wire;
using QTrade.Node;
using QTrade.Node.Configuration;
using QTrade.Node.Feeds;
using QTrade.Node.Replay;
using QTrade.Solana.Tests.Accounts;
using SolverOptions = QTrade.Node.Configuration.SolverOptions;
using SolverVersion = QTrade.Solver.SolverVersion;

namespace QTrade.Feed.Tests;

/// <summary>A recording of an endpoint that serves two venues, played with its cuts where the tape has them.</summary>
public sealed class RecordedTapeSpecs
{
    private const int Moves = 8;
    private const int Cuts = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly OwnPool Cheap = OwnPools.AmmV4(45_890_814_872_617, 3_656_849_666_245);
    private static readonly string Values = $"{OwnPools.Mint1}=1";

    [Fact]
    public async Task A_recorded_tape_is_decided_the_same_however_often_it_is_played_and_wherever_that_was_broken_off()
    {
        var tape = await RecordAsync();
        var once = await PlayAsync(tape, Cuts, new InMemoryJournal(TimeProvider.System));
        Assert.Equal(Cuts, once.TapeCuts);
        Assert.True(once.Verified);
        Assert.Equal(once.TapeDigest, (await PlayAsync(tape, Cuts, new InMemoryJournal(TimeProvider.System))).TapeDigest);

        var brokenOff = new InMemoryJournal(TimeProvider.System);
        var half = await PlayAsync(tape, Cuts / 2, brokenOff);
        Assert.NotEqual(once.TapeDigest, half.TapeDigest);
        var goneOn = await PlayAsync(tape, Cuts, brokenOff);
        Assert.Equal((Cuts, once.TapeDigest), (goneOn.TapeCuts, goneOn.TapeDigest));

        // A journal of a tape is passed over where time cuts.
        var live = new NodeOptions
        {
            Feed = FeedKind.Recorded,
            Solana = new SolanaOptions { Tape = tape, Speed = "max", Values = Values },
            Solver = new SolverOptions { WorkerThreads = 1 },
        };
        await RunAsync(live, brokenOff, async node =>
        {
            await UntilAsync(() => node.Status.Feed!.TapeEnded && node.LastDecision is not null, static _ => { }, "a decision by time");
            Assert.Equal(0, node.Status.Faults);
        });
    }

    private static OwnPool Dear(int move) =>
        OwnPools.Cpmm(45_890_814_872_617, 3_766_555_156_232 + (10_000_000_000UL * (ulong)move), [1_000, 2_000, 3_000, 4_000, 0, 0]);

    private static async Task<string> RecordAsync()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("qtrade-tape").FullName, "live.tape");
        await using var chain = await ChainEndpoint.StartAsync();
        Set(chain, Cheap);
        Set(chain, Dear(0));
        var options = new NodeOptions
        {
            Feed = FeedKind.Solana,
            Solana = new SolanaOptions
            {
                Rpc = chain.Address.Http.ToString(),
                Ws = chain.Address.Socket.ToString(),
                Pools = $"{Cheap.Address},{Dear(0).Address}",
                Values = Values,
                RequestsPerSecond = 1_000,
                Record = path,
            },
            Solver = new SolverOptions { WorkerThreads = 1 },
        };
        var journal = new InMemoryJournal(TimeProvider.System);
        await RunAsync(options, journal, async node =>
        {
            for (var move = 0; move <= Moves; move++)
            {
                if (move > 0)
                    Set(chain, Dear(move));
                // Shown two slots later; the chain lives on meanwhile.
                var states = move + 1;
                await UntilAsync(() => States(journal) >= states, chain.NextSlot, $"state {states} of the pool that moves");
            }
        });
        return path;
    }

    private static int States(InMemoryJournal journal) => journal.ReadAll(0).Select(Decode).OfType<ReservesChanged>().Count(changed => changed.PoolId.Value == Dear(0).Address.ToString());

    private static object? Decode(StoredEvent stored) =>
        MessageCodec.TryDecode(stored.Data.Manifest, stored.Data.Version, stored.Data.Payload.Span, out var message, out _) ? message : null;

    private static void Set(ChainEndpoint chain, OwnPool pool) =>
        chain.Set([.. pool.Accounts.Select(account => (account.Address, new ChainAccount(account.Owner, 1, account.Data)))]);

    private static async Task<ReplayReport> PlayAsync(string tape, int cuts, InMemoryJournal journal)
    {
        var options = new NodeOptions
        {
            Feed = FeedKind.Recorded,
            Drive = new DriveOptions { Kind = DriveKind.Tape, CutEvery = 1, Cuts = cuts },
            Solana = new SolanaOptions { Tape = tape, Speed = "max", Values = Values },
            Solver = new SolverOptions { WorkerThreads = 1 },
        };
        await RunAsync(options, journal, node => UntilAsync(() => node.Router.TapeCut >= cuts, static _ => { }, $"{cuts} cuts"));
        return new JournalReplay(SnapshotSolver.Solve, SolverVersion.Current).Verify(journal);
    }

    private static async Task RunAsync(NodeOptions options, InMemoryJournal journal, Func<TradingNode, Task> until)
    {
        Assert.True(ChainFeeds.TryOpen(options, path => path, TimeProvider.System, out var feed, out _, out var error), error);
        await using (feed)
        {
            using var node = TradingNode.Start(new TradingNodeSetup
            {
                Options = options,
                Market = new Market { Name = "solana", Units = AmountUnit.Base, Tokens = [], Pools = [] },
                Feed = feed,
                Scheduler = new ThreadPoolScheduler(TimeProvider.System),
                Journal = journal,
            });
            await until(node);
            await node.StopAsync();
        }
    }

    private static async Task UntilAsync(Func<bool> condition, Action<ulong> meanwhile, string what)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition())
        {
            meanwhile(1);
            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"not within {Patience.TotalSeconds} s: {what}");
            }
        }
    }
}
