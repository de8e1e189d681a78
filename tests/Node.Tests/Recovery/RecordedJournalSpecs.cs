using System.IO.Compression;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;
using QTrade.Node.Journal;
using QTrade.Node.Tests.Journal;
using QTrade.Trading.Execution;
using QTrade.Trading.Registry;

namespace QTrade.Node.Tests.Recovery;

/// <summary>
/// Journals as earlier versions wrote them are read and come to the same. <c>journal-0.1.0.db.gz</c> is that of a node of version 0.1.0 on samples/five-pools.json
/// which executed on paper, was given another loss limit, halted, resumed, told to retire a pool, and left. A new version adds its own, none is ever changed.
/// </summary>
public sealed class RecordedJournalSpecs : IDisposable
{
    private readonly JournalFolder _folder = new();

    public RecordedJournalSpecs()
    {
        using FileStream packed = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Recovery", "journal-0.1.0.db.gz"));
        using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        using FileStream journal = File.Create(_folder.File);
        unpacked.CopyTo(journal);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_event_is_read()
    {
        await using SqliteJournal journal = _folder.Open();
        var read = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var stored in journal.ReadAll(0))
        {
            Assert.True(MessageCodec.TryDecode(stored.Data.Manifest, stored.Data.Version, stored.Data.Payload.Span, out IMessage? message, out string? error), error);
            read[message.GetType().Name] = read.GetValueOrDefault(message.GetType().Name) + 1;
        }

        Assert.Empty(journal.Losses);
        Assert.Equal(
            new SortedDictionary<string, int>(StringComparer.Ordinal)
            {
                ["Decided"] = 12, ["EpochStarted"] = 1, ["OutcomeTallied"] = 26, ["PoolConfigured"] = 5, ["PoolRetired"] = 1, ["ReservesChanged"] = 86,
                ["RiskLimitsChanged"] = 1, ["RouteEnded"] = 26, ["SnapshotEnded"] = 12, ["SnapshotHandedOut"] = 12, ["TokenRegistered"] = 4,
                ["TradeEnded"] = 26, ["TradeIntended"] = 22, ["TradingStateChanged"] = 2,
            },
            read);
    }

    [Fact]
    public async Task It_comes_to_the_same_states()
    {
        await using SqliteJournal journal = _folder.Open();

        NodeRecovery recovered = NodeRecovery.Read(journal, new RiskLimits(1, 1, 1), _folder.Time);

        Assert.Equal(0, recovered.Unreadable.Count);
        Assert.Equal((1, 12), (recovered.Router.Epoch, recovered.Router.Number));
        Assert.Equal((12, 12, 0, 0), (recovered.Router.Snapshots.HandedOut, recovered.Router.Snapshots.Ended, recovered.Router.Snapshots.InFlight.Count, recovered.Router.Snapshots.Difference));
        Assert.Equal((26, 0), (recovered.Router.Routes.HandedOut, recovered.Router.Routes.Difference));
        Assert.Equal(1, recovered.Router.Snapshots[Ending.NoArbitrage]);
        Assert.Empty(recovered.UnfinishedTrades);
        Assert.Equal(
            ["product-CD"],
            recovered.Pools.Where(pool => recovered.Entities.Peek(PersistenceIds.Configuration(pool))!.State is PoolConfigurationState { Retired: true }).Select(pool => pool.Value));
        Assert.Equal(5, recovered.Pools.Length);

        var executor = (ExecutorState)recovered.Entities.Peek(PersistenceIds.Executor)!.State;
        Assert.Equal((TradingState.Active, "recorded", "operator"), (executor.TradingState, executor.StateReason.Detail, executor.StateReason.By!.Name));
        Assert.Equal(new RiskLimits(100_000, 50, 10), executor.Limits);
        Assert.Equal((21, 20.3273), (executor.Executed, Math.Round(executor.Profit, 4)));
    }
}
