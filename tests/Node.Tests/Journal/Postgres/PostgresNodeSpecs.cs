using QTrade.Actors.Scheduling;
using QTrade.Markets;
using QTrade.Messages.Execution;
using QTrade.Messages.Registry;
using QTrade.Node.Actors;
using QTrade.Node.Journal.Postgres;
using QTrade.Node.Tests.EndToEnd;
using QTrade.Node.Tests.Simulation;
using QTrade.Shared.Journal;

namespace QTrade.Node.Tests.Journal.Postgres;

[Collection(PostgresCollection.Name)]
public sealed class PostgresNodeSpecs(PostgresFixture postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [PostgresFact]
    public async Task A_node_whose_database_goes_away_halts_loses_no_actor_and_goes_on_once_it_is_back()
    {
        await using PostgresJournal journal = PostgresFixture.Open(postgres.Options());
        using TradingNode node = TradingNode.Start(new TradingNodeSetup
        {
            Options = NodeOptionsOf.Calm(rate: 50, minInterval: TimeSpan.FromMilliseconds(20)),
            Market = SampleMarkets.Mixed,
            Scheduler = new ThreadPoolScheduler(TimeProvider.System),
            Journal = journal,
        });
        Until(() => node.Status.Executed > 0, "nothing is executed");

        postgres.Server.Kill();
        Until(() => node.Status.TradingState == TradingState.Halted, "trading goes on without a journal");
        Assert.StartsWith("journal: ", node.Status.TradingStateReason, StringComparison.Ordinal);
        Pool added = SampleMarkets.Mixed.Pools[0] with { Id = new PoolId("added meanwhile") };
        node.Change(new ChangePool(new ConfigurePool(added)));
        Until(() => node.Actors.Any(actor => actor.State == "Suspended"), "nobody waits for the journal");
        NodeStatus down = node.Status;
        Until(() => node.Status.Updates > down.Updates + 50, "pools do not keep observing");

        postgres.Server.Launch();
        Until(() => node.Status is { TradingState: TradingState.Active } now && now.LastDecision?.Snapshot != down.LastDecision?.Snapshot, "it does not go on");
        Until(() => IsConfigured(node, added.Id), "the pool is not added");
        Assert.All(node.Actors, actor => Assert.Equal((0, false), (actor.Restarts, actor.State == "Suspended")));
        Assert.Empty(node.DeadLetters);
        await node.StopAsync();
        Assert.Equal((0, 0), (node.Status.Snapshots.Difference, node.Status.Routes.Difference));
    }

    private static bool IsConfigured(TradingNode node, PoolId id) =>
        node.MarketAsync(Patience).GetAwaiter().GetResult().Pools.Any(pool => pool.Id == id && pool.Configured is not null);

    private static void Until(Func<bool> isSo, string otherwise) => Assert.True(SpinWait.SpinUntil(isSo, Patience), otherwise);
}
