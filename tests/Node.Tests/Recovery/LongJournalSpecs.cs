using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
using QTrade.Messages.Wire;
using QTrade.Node.Configuration;
using QTrade.Node.Tests.EndToEnd;
using QTrade.Node.Tests.Simulation;
using QTrade.Trading.Execution;
using QTrade.Trading.States;

namespace QTrade.Node.Tests.Recovery;

/// <summary>Of a long journal only the end is read in its order; a node recovers the same as from all of it.</summary>
public sealed class LongJournalSpecs
{
    [Fact]
    public void A_node_recovers_the_same_however_much_of_the_journal_is_read_in_order()
    {
        var options = NodeOptionsOf.Calm(rate: 10, minInterval: TimeSpan.FromSeconds(2));
        using var run = new SimulatedNode(SampleMarkets.Mixed, options);
        run.RunFor(TimeSpan.FromSeconds(90));
        var journal = run.Journal.Crash(run.Scheduler.Time);

        var whole = Recover(journal, int.MaxValue);
        foreach (var eventsMax in (int[])[1, 37, 400])
            Same(whole, Recover(journal, eventsMax));

        NodeRecovery Recover(IJournal found, int most) => NodeRecovery.Read(found, options.Executor.ForRisk(), run.Scheduler.Time, most, detour: 0);
    }

    [Fact]
    public void A_journal_whose_snapshots_cover_little_is_read_in_its_order_as_a_whole()
    {
        var options = NodeOptionsOf.Calm(rate: 10, minInterval: TimeSpan.FromSeconds(2));
        using var run = new SimulatedNode(SampleMarkets.Mixed, options);
        run.RunFor(TimeSpan.FromSeconds(90));
        var journal = run.Journal.Crash(run.Scheduler.Time);
        var beyond = ((string[])["pool/", "config/", "token/", "router", "executor", "risk"]).Sum(journal.EventsBeyondSnapshots);
        var last = (int)journal.LastOrdinal;

        Assert.Equal(0, Recover(eventsMax: last - 1, detour: 1).Before);
        Assert.Equal(0, Recover(eventsMax: (int)(last - beyond), detour: 1).Before);
        Assert.Equal(last - 1, Recover(eventsMax: 1, detour: 0).Before);
        Assert.Equal(beyond + 1, Recover(eventsMax: (int)(last - beyond - 1), detour: 1).Before);

        RecoveredEntities Recover(int eventsMax, int detour) =>
            NodeRecovery.Read(journal, options.Executor.ForRisk(), run.Scheduler.Time, eventsMax, detour).Entities;
    }

    [Fact]
    public void Trades_that_are_over_are_not_kept_in_memory()
    {
        var options = NodeOptionsOf.Calm(rate: 10, minInterval: TimeSpan.FromSeconds(1));
        using var run = new SimulatedNode(SampleMarkets.Mixed, options);
        run.RunFor(TimeSpan.FromSeconds(30));
        Assert.True(run.Stop());

        var recovered = NodeRecovery.Read(run.Journal, options.Executor.ForRisk(), run.Scheduler.Time);

        Assert.Contains(run.Journal.ReadAll(0), stored => stored.PersistenceId.StartsWith("trade/", StringComparison.Ordinal));
        Assert.DoesNotContain(recovered.Entities.PersistenceIds, id => id.StartsWith("trade/", StringComparison.Ordinal));
    }

    private static void Same(NodeRecovery whole, NodeRecovery part)
    {
        Assert.True(part.Entities.Events < whole.Entities.Events, $"{part.Entities.Events} of {whole.Entities.Events} events were read");
        Assert.Equal(Bytes(StateForms.Router.Encode(whole.Router)), Bytes(StateForms.Router.Encode(part.Router)));
        Assert.Equal(Executor(whole), Executor(part));
        Assert.Equal(whole.Pools.Order(), part.Pools.Order());
        Assert.Equal(whole.Pools.Order().Select(whole.NewestOf), whole.Pools.Order().Select(part.NewestOf));
        Assert.Equal((whole.Slot, whole.Router.Epoch), (part.Slot, part.Router.Epoch));
        Assert.Equal(whole.UnfinishedTrades.Select(intent => intent.TradeId.Value).Order(), part.UnfinishedTrades.Select(intent => intent.TradeId.Value).Order());
        Assert.All(part.Entities.PersistenceIds, id => Assert.Empty(part.Entities.Peek(id)!.Quarantined));
    }

    private static string Executor(NodeRecovery recovery) =>
        Bytes(StateForms.Executor.Encode((ExecutorState)recovery.Entities.Peek(Messages.PersistenceIds.Executor)!.State));

    private static string Bytes(EncodedMessage encoded) => Convert.ToHexString(encoded.Bytes.Span);
}
