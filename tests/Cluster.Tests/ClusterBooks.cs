using QTrade.Actors.Journal;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;

namespace QTrade.Cluster.Tests;

/// <summary>Books of their own over what the nodes of a cluster journalled, by nothing but its events.</summary>
internal sealed class ClusterBooks
{
    private readonly HashSet<SnapshotId> _handedOut = [];
    private readonly HashSet<SnapshotId> _ended = [];
    private readonly HashSet<SnapshotId> _decided = [];
    private readonly HashSet<TradeId> _intended = [];
    private readonly Dictionary<TradeId, TradeOutcome> _outcomes = [];
    private readonly HashSet<TradeId> _tallied = [];

    public ClusterBooks(IJournal journal)
    {
        foreach (StoredEvent stored in journal.ReadAll(0))
        {
            Assert.True(
                MessageCodec.TryDecode(stored.Data.Manifest, stored.Data.Version, stored.Data.Payload.Span, out IMessage? message, out string? error), error);
            Judge(message!);
        }
    }

    /// <summary>Epochs of routers, in their order.</summary>
    public List<long> Epochs { get; } = [];

    public int HandedOut => _handedOut.Count;

    public int Ended => _ended.Count;

    public int Executed => _outcomes.Values.Count(outcome => outcome.Ending == Ending.Executed);

    /// <summary>Snapshots decided that have not ended: what the next router publishes again.</summary>
    public int Open => _decided.Except(_ended).Count();

    private void Judge(IMessage message)
    {
        switch (message)
        {
            case EpochStarted epoch:
                Assert.True(Epochs.Count == 0 || epoch.Epoch > Epochs[^1], $"epoch {epoch.Epoch} began after {Epochs.LastOrDefault()}");
                Epochs.Add(epoch.Epoch);
                break;
            case SnapshotHandedOut handedOut:
                Assert.True(_handedOut.Add(handedOut.SnapshotId), $"{handedOut.SnapshotId} was handed out twice");
                break;
            case Decided decided:
                Assert.Contains(decided.SnapshotId, _handedOut);
                Assert.True(_decided.Add(decided.SnapshotId), $"{decided.SnapshotId} was decided twice");
                break;
            case SnapshotEnded ended:
                Assert.Contains(ended.SnapshotId, _handedOut);
                Assert.True(_ended.Add(ended.SnapshotId), $"{ended.SnapshotId} ended twice");
                break;
            case TradeIntended { Intent: var intent }:
                Assert.Contains(intent.SnapshotId, _decided);
                Assert.True(_intended.Add(intent.TradeId), $"trade {intent.TradeId} was intended twice");
                break;
            case TradeEnded { Outcome: var outcome }:
                Assert.True(_outcomes.TryAdd(outcome.TradeId, outcome), $"trade {outcome.TradeId} ended twice");
                Assert.True(outcome.Ending != Ending.Executed || _intended.Contains(outcome.TradeId), $"trade {outcome.TradeId} took effect without an intent");
                break;
            case OutcomeTallied { Outcome: var outcome }:
                Assert.Equal(_outcomes[outcome.TradeId], outcome);
                Assert.True(_tallied.Add(outcome.TradeId), $"trade {outcome.TradeId} was counted twice");
                break;
        }
    }
}
