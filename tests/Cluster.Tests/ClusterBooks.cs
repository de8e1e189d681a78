using QTrade.Actors.Journal;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;

namespace QTrade.Cluster.Tests;

/// <summary>
/// Books of their own over what the nodes of a cluster journalled, by nothing but its events: what is handed out ends once, every route of a decision
/// ends once, no trade takes effect without an intent or twice, and no two routers have one epoch.
/// </summary>
internal sealed class ClusterBooks
{
    private readonly HashSet<SnapshotId> _handedOut = [];
    private readonly HashSet<SnapshotId> _ended = [];
    private readonly HashSet<SnapshotId> _decided = [];
    private readonly HashSet<TradeId> _routes = [];
    private readonly Dictionary<TradeId, TradeOutcome> _routesEnded = [];
    private readonly HashSet<TradeId> _intended = [];
    private readonly Dictionary<TradeId, TradeOutcome> _outcomes = [];
    private readonly HashSet<TradeId> _tallied = [];
    private readonly Dictionary<PoolId, ReservesChanged> _pools = [];
    private long _ordinal;
    private bool _halted;

    /// <summary>Epochs of routers, in their order.</summary>
    public List<long> Epochs { get; } = [];

    /// <summary>Changes of the trading state, in their order.</summary>
    public List<TradingStateChanged> States { get; } = [];

    public int HandedOut => _handedOut.Count;

    public int Decided => _decided.Count;

    public int Ended => _ended.Count;

    public int Executed { get; private set; }

    /// <summary>Snapshots decided that have not ended: what the next router publishes again.</summary>
    public int Open => _decided.Except(_ended).Count();

    /// <summary>The last durable state of every pool.</summary>
    public IReadOnlyDictionary<PoolId, ReservesChanged> Pools => _pools;

    /// <summary>What was begun and has not ended yet, one line; null where nothing is: nothing was lost then.</summary>
    public string? Unfinished
    {
        get
        {
            var unended = _handedOut.Except(_ended).ToList();
            var routes = _routes.Except(_routesEnded.Keys).ToList();
            var trades = _intended.Except(_outcomes.Keys).ToList();
            var untallied = _outcomes.Values.Where(outcome => outcome.Ending == Ending.Executed && !_tallied.Contains(outcome.TradeId)).ToList();
            var unheard = _outcomes.Values.Where(outcome => outcome.Ending == Ending.Executed && _routesEnded.GetValueOrDefault(outcome.TradeId)?.Ending != Ending.Executed).ToList();
            return unended.Count + routes.Count + trades.Count + untallied.Count + unheard.Count == 0
                ? null
                : $"{unended.Count} snapshots have not ended ({string.Join(' ', unended.Take(3))}), {routes.Count} routes have not, {trades.Count} trades have not, "
                    + $"{untallied.Count} executed trades are not counted, {unheard.Count} not heard of by the router "
                    + $"({string.Join("; ", unheard.Take(3).Select(outcome => $"{outcome} whose route ended as {_routesEnded.GetValueOrDefault(outcome.TradeId)}"))})";
        }
    }

    /// <summary>Reads on from where it was.</summary>
    public void Read(IJournal journal)
    {
        foreach (StoredEvent stored in journal.ReadAll(_ordinal))
        {
            _ordinal = stored.Ordinal;
            Assert.True(
                MessageCodec.TryDecode(stored.Data.Manifest, stored.Data.Version, stored.Data.Payload.Span, out IMessage? message, out string? error), error);
            Judge(message!);
        }
    }

    private void Judge(IMessage message)
    {
        switch (message)
        {
            case ReservesChanged changed:
                if (_pools.TryGetValue(changed.PoolId, out ReservesChanged? before))
                    Assert.True(changed.At.CompareTo(before.At) == PositionOrder.Newer, $"{changed.PoolId} went from {before.At} back to {changed.At}");
                _pools[changed.PoolId] = changed;
                break;
            case EpochStarted epoch:
                Assert.True(epoch.Epoch == Epochs.LastOrDefault() + 1, $"epoch {epoch.Epoch} began after {Epochs.LastOrDefault()}");
                Epochs.Add(epoch.Epoch);
                break;
            case TradingStateChanged changed:
                States.Add(changed);
                _halted = changed.State == TradingState.Halted;
                break;
            case SnapshotHandedOut handedOut:
                Assert.True(_handedOut.Add(handedOut.SnapshotId), $"{handedOut.SnapshotId} was handed out twice");
                break;
            case Decided decided:
                Assert.Contains(decided.SnapshotId, _handedOut);
                Assert.True(_decided.Add(decided.SnapshotId), $"{decided.SnapshotId} was decided twice");
                _routes.UnionWith(decided.Routes.Select(route => TradeId.Of(decided.SnapshotId, route.Index)));
                break;
            case RouteEnded { Outcome: var outcome }:
                Assert.True(_routesEnded.TryAdd(outcome.TradeId, outcome), $"route {outcome.TradeId} ended twice");
                Assert.True(outcome.Ending != Ending.Executed || _outcomes[outcome.TradeId].Equals(outcome), "a route was executed that no trade carried out");
                break;
            case SnapshotEnded ended:
                Assert.Contains(ended.SnapshotId, _handedOut);
                Assert.True(_ended.Add(ended.SnapshotId), $"{ended.SnapshotId} ended twice");
                break;
            case TradeIntended { Intent: var intent }:
                Assert.False(_halted, $"trade {intent.TradeId} was intended while trading was halted");
                Assert.Contains(intent.SnapshotId, _decided);
                Assert.True(_intended.Add(intent.TradeId), $"trade {intent.TradeId} was intended twice");
                break;
            case TradeEnded { Outcome: var outcome }:
                Assert.True(_outcomes.TryAdd(outcome.TradeId, outcome), $"trade {outcome.TradeId} ended twice");
                Assert.True(outcome.Ending != Ending.Executed || _intended.Contains(outcome.TradeId), $"trade {outcome.TradeId} took effect without an intent");
                if (outcome.Ending == Ending.Executed) Executed++;
                break;
            case OutcomeTallied { Outcome: var outcome }:
                Assert.Equal(_outcomes[outcome.TradeId], outcome);
                Assert.True(_tallied.Add(outcome.TradeId), $"trade {outcome.TradeId} was counted twice");
                break;
        }
    }
}
