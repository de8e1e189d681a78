using QTrade.Actors.Journal;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;
using QTrade.Trading.Routing;
using QTrade.Verification;

namespace QTrade.Node.Tests.EndToEnd;

/// <summary>
/// Reads a journal event by event and holds it to the laws, with books of its own: certificates verify (law 4), whatever is handed out
/// ends once (law 6), no effect without a durable intent and none twice (law 7).
/// </summary>
internal sealed class LawsOfTheJournal(Func<SnapshotId, Market> marketOf)
{
    private readonly HashSet<SnapshotId> _handedOut = [];
    private readonly Dictionary<SnapshotId, Ending> _ended = [];
    private readonly Dictionary<SnapshotId, Decided> _decided = [];
    private readonly HashSet<TradeId> _intended = [];
    private readonly Dictionary<TradeId, TradeOutcome> _outcomes = [];
    private readonly HashSet<TradeId> _tallied = [];
    private readonly HashSet<TradeId> _routesEnded = [];
    private long _ordinal;

    public int Decisions => _decided.Count;

    public int Executed => _outcomes.Values.Count(outcome => outcome.Ending == Ending.Executed);

    public int Intended => _intended.Count;

    public int HandedOut => _handedOut.Count;

    public IReadOnlyDictionary<TradeId, TradeOutcome> Outcomes => _outcomes;

    /// <summary>What was handed out and has not ended.</summary>
    public IEnumerable<SnapshotId> InFlight => _handedOut.Except(_ended.Keys);

    /// <summary>Intents without an outcome.</summary>
    public IEnumerable<TradeId> Unfinished => _intended.Except(_outcomes.Keys);

    public double Profit => _tallied.Sum(id => _outcomes[id].Profit);

    /// <summary>Whether every event is readable and its certificate checked; off for what an earlier run left, whose markets are not known.</summary>
    public bool Verifies { get; set; } = true;

    public void Read(InMemoryJournal journal)
    {
        if (journal.Count == _ordinal)
            return;
        foreach (var stored in journal.ReadAll(_ordinal))
        {
            _ordinal = stored.Ordinal;
            if (MessageCodec.TryDecode(stored.Data.Manifest, stored.Data.Version, stored.Data.Payload.Span, out var message, out var error))
                Judge(message);
            else
                Assert.False(Verifies, error);
        }
    }

    /// <summary>The ledger that the router shows is the one of these books, a few events behind at most; its difference is 0.</summary>
    public void Compare(RouterState router)
    {
        Assert.Equal(0, router.Snapshots.Difference);
        Assert.Equal(0, router.Routes.Difference);
        Assert.True(router.Snapshots.HandedOut <= _handedOut.Count);
        Assert.True(router.Snapshots.Ended <= _ended.Count);
        Assert.All(router.Snapshots.InFlight, id => Assert.Contains(id, _handedOut));
    }

    private void Judge(IMessage message)
    {
        switch (message)
        {
            case SnapshotHandedOut handedOut:
                Assert.True(_handedOut.Add(handedOut.SnapshotId), $"{handedOut.SnapshotId} was handed out twice");
                break;
            case Decided decided:
                Judge(decided);
                break;
            case SnapshotEnded ended:
                Assert.Contains(ended.SnapshotId, _handedOut);
                Assert.True(_ended.TryAdd(ended.SnapshotId, ended.Ending), $"{ended.SnapshotId} ended twice");
                break;
            case TradeIntended { Intent: var intent }:
                Assert.True(_decided.ContainsKey(intent.SnapshotId), $"trade {intent.TradeId} was intended before it was decided");
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
            case RouteEnded { Outcome: var outcome }:
                Assert.True(_routesEnded.Add(outcome.TradeId), $"route {outcome.TradeId} ended twice");
                Assert.True(outcome.Ending != Ending.Executed || _outcomes[outcome.TradeId].Equals(outcome), "a route was executed that no trade carried out");
                break;
        }
    }

    private void Judge(Decided decided)
    {
        Assert.Contains(decided.SnapshotId, _handedOut);
        Assert.True(_decided.TryAdd(decided.SnapshotId, decided), $"{decided.SnapshotId} was decided twice");
        if (!Verifies)
            return;
        var report = ResultVerifier.Verify(marketOf(decided.SnapshotId), decided.Result);
        Assert.True(report.Verified, $"snapshot {decided.SnapshotId}: {string.Join("; ", report.Checks.Where(check => !check.Ok))}");
    }
}
