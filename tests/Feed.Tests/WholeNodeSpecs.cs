using System.Collections.Immutable;
using QTrade.Actors.Journal;
using QTrade.Actors.Scheduling;
using QTrade.Feed.Tests.Endpoint;
using QTrade.Markets;
using QTrade.Markets.Venues;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Wire;
using QTrade.Node;
using QTrade.Node.Configuration;
using QTrade.Node.Feeds;
using QTrade.Node.Replay;
using QTrade.Solana;
using QTrade.Solana.Tests.Accounts;
using SolverVersion = QTrade.Solver.SolverVersion;

namespace QTrade.Feed.Tests;

/// <summary>The whole node between an endpoint that serves real venues and a journal: found, read, solved, filled on paper, replayed.</summary>
public sealed class WholeNodeSpecs
{
    private const int TicksPerSlot = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // The same pair at prices 3 % apart.
    private static readonly OwnPool Cheap = OwnPools.AmmV4(45_890_814_872_617, 3_656_849_666_245);
    private static readonly OwnPool Dear = OwnPools.Cpmm(45_890_814_872_617, 3_766_555_156_232, [1_000, 2_000, 3_000, 4_000, 0, 0]);
    private static readonly OwnPool Refused = OwnPools.AmmV4(1_000, 1_000, status: 1, number: 81);

    [Fact]
    public async Task Pools_of_real_venues_are_traded_on_paper_in_their_integers_and_the_journal_replays()
    {
        await using var chain = await ChainEndpoint.StartAsync();
        chain.Set([.. new[] { Cheap, Dear, Refused }.SelectMany(pool => pool.Accounts).Select(account => (account.Address, new ChainAccount(account.Owner, 1, account.Data)))]);
        var journal = new InMemoryJournal(TimeProvider.System);
        var options = new NodeOptions
        {
            Feed = FeedKind.Solana,
            Solana = new SolanaOptions
            {
                Rpc = chain.Address.Http.ToString(),
                Ws = chain.Address.Socket.ToString(),
                Pools = string.Join(',', new[] { Cheap, Dear, Refused }.Select(pool => pool.Address)),
                Values = $"{OwnPools.Mint1}=1",
                RequestsPerSecond = 1_000,
            },
            Solver = new SolverOptions { WorkerThreads = 1 },
        };
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
            await UntilAsync(() => node.Status.Executed > 0, chain, () => $"a fill: {node.Status}");
            Assert.Equal((PoolRefusal.OrderBook, 1L, 1L), Assert.Single(node.Status.Feed!.Refusals));
            await node.StopAsync();
        }

        var messages = Messages(journal);
        Assert.All(messages.OfType<ReservesChanged>(), changed => Assert.NotNull(changed.Venue));
        var filled = messages.OfType<TradeEnded>().Select(ended => ended.Outcome).First(outcome => !outcome.Legs.IsEmpty);
        Assert.Equal(2, filled.Legs.Length);
        foreach (var leg in filled.Legs)
            Assert.Equal(leg.Receive, Integers(leg));

        var report = new JournalReplay(SnapshotSolver.Solve, SolverVersion.Current).Verify(journal);
        Assert.True(report.Verified, string.Join('\n', report.Divergences));
        Assert.True(report.Decisions > 0);
        Assert.Equal(report.Decisions, report.Same);
    }

    // What the program on chain pays for what the leg sends, from the figures that the accounts were made of.
    private static double Integers(SettledLeg leg)
    {
        var own = leg.PoolId.Value == Cheap.Address.ToString() ? Cheap : Dear;
        Assert.Equal(VenueRefusal.None, own.Assembled().State.ExactIn(leg.TokenIn.Value == OwnPools.Mint0.ToString(), (ulong)leg.Tender, out var fill));
        Assert.Equal(leg.Tender, fill.AmountIn);
        return fill.AmountOut;
    }

    private static ImmutableArray<IMessage> Messages(InMemoryJournal journal) =>
    [
        .. journal.ReadAll(0).Select(stored =>
        {
            Assert.True(MessageCodec.TryDecode(stored.Data.Manifest, stored.Data.Version, stored.Data.Payload.Span, out var message, out var error), error);
            return message!;
        }),
    ];

    // The chain lives on meanwhile, slowly enough that a trade does not expire on a machine that is busy.
    private static async Task UntilAsync(Func<bool> condition, ChainEndpoint chain, Func<string> what)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var tick = 0; !condition(); tick++)
        {
            if (tick % TicksPerSlot == 0)
                chain.NextSlot();
            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"not within {Patience.TotalSeconds} s: {what()}");
            }
        }
    }
}
