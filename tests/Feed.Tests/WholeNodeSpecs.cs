using System.Collections.Immutable;
using QTrade.Actors.Journal;
using QTrade.Actors.Scheduling;
using QTrade.Feed.Tests.Endpoint;
using QTrade.Markets;
using QTrade.Markets.Venues;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Wire;
using QTrade.Node;
using QTrade.Node.Configuration;
using QTrade.Node.Feeds;
using QTrade.Node.Replay;
using QTrade.Shared;
using QTrade.Solana;
using QTrade.Solana.Rpc;
using QTrade.Solana.Tests.Accounts;
using SolverVersion = QTrade.Solver.SolverVersion;

namespace QTrade.Feed.Tests;

/// <summary>The whole node between an endpoint that serves real venues and a journal: found, read, solved, filled on paper, replayed.</summary>
public sealed class WholeNodeSpecs
{
    private const ulong SlotsLater = 420_000_000;
    private const int RealPools = 11;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // The same pair at prices 3 % apart.
    private static readonly OwnPool Cheap = OwnPools.AmmV4(45_890_814_872_617, 3_656_849_666_245);
    private static readonly OwnPool Dear = OwnPools.Cpmm(45_890_814_872_617, 3_766_555_156_232, [1_000, 2_000, 3_000, 4_000, 0, 0]);
    private static readonly OwnPool Refused = OwnPools.AmmV4(1_000, 1_000, status: 1, number: 81);

    [Fact]
    public async Task Pools_of_real_venues_are_traded_on_paper_in_their_integers_and_the_journal_replays()
    {
        OwnPool[] own = [Cheap, Dear, Refused];
        await using var chain = await ChainEndpoint.StartAsync();
        chain.Set([.. own.SelectMany(pool => pool.Accounts).Select(account => (account.Address, new ChainAccount(account.Owner, 1, account.Data)))]);
        var solana = new SolanaOptions { Pools = string.Join(',', own.Select(pool => pool.Address)), Values = $"{OwnPools.Mint1}=1" };
        var journal = await JournalOfATradeAsync(chain, solana, own.Length, [(PoolRefusal.OrderBook, 1, 1)]);
        var filled = Filled(journal);
        Assert.Equal(2, filled.Length);
        foreach (var leg in filled)
        {
            var pool = leg.PoolId.Value == Cheap.Address.ToString() ? Cheap : Dear;
            Assert.Equal(leg.Receive, Integers(leg, pool.Assembled()));
        }
    }

    [Fact]
    public async Task A_pool_with_a_fee_of_one_token_is_configured_with_it_traded_and_replayed()
    {
        var taxed = OwnPools.Cpmm(45_890_814_872_617, 3_766_555_156_232, [1_000, 2_000, 3_000, 4_000, 0, 0], true, CreatorFeeSide.Token0);
        OwnPool[] own = [Cheap, taxed];
        await using var chain = await ChainEndpoint.StartAsync();
        chain.Set([.. own.SelectMany(pool => pool.Accounts).Select(account => (account.Address, new ChainAccount(account.Owner, 1, account.Data)))]);
        var solana = new SolanaOptions { Pools = string.Join(',', own.Select(pool => pool.Address)), Values = $"{OwnPools.Mint1}=1" };
        var journal = await JournalOfATradeAsync(chain, solana, own.Length, []);

        var configured = Messages(journal).OfType<PoolConfigured>().Single(message => message.Pool.Id.Value == taxed.Address.ToString()).Pool;
        Assert.Equal((0.0005 / 0.9975, 0.0), (configured.TokenFees[0], configured.TokenFees[1]));
        Assert.Equal((0.0005, 0.0), (configured.TokenFeesOut[0], configured.TokenFeesOut[1]));
        Assert.All(Filled(journal), leg => Assert.Equal(leg.Receive, Integers(leg, (leg.PoolId.Value == taxed.Address.ToString() ? taxed : Cheap).Assembled())));
    }

    [SharedFact]
    public async Task Real_accounts_of_the_chain_are_found_by_their_programs_and_traded_on_paper_in_their_integers()
    {
        await using var chain = await ChainEndpoint.StartAsync();
        // Later than any of the pools opened.
        chain.NextSlot(SlotsLater);
        var dump = new RealAccounts();
        chain.Set([.. dump.Accounts]);
        var solana = new SolanaOptions
        {
            Venues = string.Join(',', PoolQueries.Venues.Select(VenueNames.Of)),
            Pools = $"{RealAccounts.DammV1},{RealAccounts.PumpSwap}",
        };
        // The folder lacks a mint of one; one is closed to all but its owner; of two the formula is not proven.
        var journal = await JournalOfATradeAsync(
            chain, solana, RealPools, [(PoolRefusal.MissingAccount, 1, 1), (PoolRefusal.Disabled, 1, 1), (PoolRefusal.FormulaNotProven, 2, 2)]);
        var filled = Filled(journal);
        Assert.True(filled.Length >= 2);
        Assert.All(filled, leg => Assert.Equal(leg.Receive, Integers(leg, dump.Assemble(leg.PoolId.Value))));
    }

    // Of a node that ran until all these pools stood as they will, and one trade was filled.
    private static async Task<InMemoryJournal> JournalOfATradeAsync(
        ChainEndpoint chain, SolanaOptions solana, int pools, (PoolRefusal Refusal, long Now, long Ever)[] refusals)
    {
        var journal = new InMemoryJournal(TimeProvider.System);
        var options = new NodeOptions
        {
            Feed = FeedKind.Solana,
            Solana = new SolanaOptions
            {
                Rpc = chain.Address.Http.ToString(),
                Ws = chain.Address.Socket.ToString(),
                Pools = solana.Pools,
                Venues = solana.Venues,
                Values = solana.Values,
                RequestsPerSecond = 1_000,
            },
            // A busy machine may take many slots for one decision, and nothing moves that would ask for a second.
            Queue = new QueueOptions { ExpirySlots = 1_000 },
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
            var refused = refusals.Sum(refusal => refusal.Now);
            await UntilAsync(
                () => node.Status is { Executed: > 0, Feed.Counts: var counts } && counts.Complete == pools - refused && counts.Refused == refused,
                chain,
                () => $"a fill: {node.Status}");
            Assert.Equal(refusals, node.Status.Feed!.Refusals);
            await node.StopAsync();
        }

        Assert.All(Messages(journal).OfType<ReservesChanged>(), changed => Assert.NotNull(changed.Venue));
        var report = new JournalReplay(SnapshotSolver.Solve, SolverVersion.Current).Verify(journal);
        Assert.True(report.Verified, string.Join('\n', report.Divergences));
        Assert.True(report.Decisions > 0);
        Assert.Equal(report.Decisions, report.Same);
        return journal;
    }

    private static ImmutableArray<SettledLeg> Filled(InMemoryJournal journal) =>
        Messages(journal).OfType<TradeEnded>().Select(ended => ended.Outcome.Legs).First(legs => !legs.IsEmpty);

    // What the program on chain pays for what the leg sends.
    private static double Integers(SettledLeg leg, SolanaPool pool)
    {
        Assert.Equal(VenueRefusal.None, pool.State.ExactIn(leg.TokenIn.Value == pool.Mint0.ToString(), (ulong)leg.Tender, out var fill));
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

    // The chain lives on meanwhile.
    private static async Task UntilAsync(Func<bool> condition, ChainEndpoint chain, Func<string> what)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!condition())
        {
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
