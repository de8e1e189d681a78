using System.Collections.Immutable;
using QTrade.Actors.Journal;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;
using QTrade.Trading.Pools;
using QTrade.Trading.Routing;

namespace QTrade.Node.Replay;

/// <summary>
/// Solves every recorded decision of a journal again, on the cut that it was made on, from the start and with the options that were recorded,
/// and compares the bytes (laws 1 and 2). The journal is read once, in its order; only what cuts to come may need is kept.
/// </summary>
/// <param name="solve">The solver.</param>
/// <param name="solver">Its name and version, as results carry it.</param>
public sealed class JournalReplay(Func<SolveSnapshot, SnapshotSolved> solve, string solver)
{
    // A router that fell behind by more states of one pool than this would hold up everything else.
    private const int StatesKept = 100_000;

    // Decisions that a later one may begin from; an optimizer begins from the newest that was decided when it asked.
    private const int DecisionsKept = 256;

    private readonly Dictionary<PoolId, EntityHistory<ReservesChanged>> _states = [];
    private readonly Dictionary<PoolId, EntityHistory<PoolConfigured>> _configurations = [];
    private readonly Dictionary<TokenId, EntityHistory<TokenRegistered>> _tokens = [];
    private readonly Dictionary<SnapshotId, SolveSnapshot> _undecided = [];
    private readonly Dictionary<SnapshotId, string> _unknown = [];
    private readonly Dictionary<SnapshotId, MarketResult> _decided = [];
    private readonly Queue<SnapshotId> _decidedOrder = new();
    private readonly Dictionary<string, long> _otherSolvers = [];
    private readonly List<ReplayDivergence> _divergences = [];
    private HandedOutCut? _lastCut;
    private AmountUnit _units;
    private long _events, _decisions, _same, _diverged, _inNameAlone, _missing;
    private string? _firstMissing;

    /// <summary>Reads the journal from its beginning.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="progress">Is told the number of decisions now and then.</param>
    /// <param name="cancellationToken">Ends the replay.</param>
    public ReplayReport Verify(IJournal journal, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        using var tape = new TapeDigest();
        foreach (var stored in journal.ReadAll(0))
        {
            cancellationToken.ThrowIfCancellationRequested();
            _events++;
            if (MessageCodec.TryDecode(stored.Data.Manifest, stored.Data.Version, stored.Data.Payload.Span, out var message, out _))
                Take(message, tape, progress);
        }

        return new ReplayReport(
            _events, _decisions, _same, [.. _divergences], _diverged, _missing, _firstMissing, _otherSolvers.ToImmutableSortedDictionary())
        {
            DivergedInNameAlone = _inNameAlone,
            TapeCuts = tape.Cuts,
            FirstTapeCut = tape.First,
            LastTapeCut = tape.Last,
            TapeDigest = tape.Value,
        };
    }

    private void Take(IMessage message, TapeDigest tape, IProgress<long>? progress)
    {
        switch (message)
        {
            case ReservesChanged changed:
                var states = Of(_states, changed.PoolId);
                states.Add(changed.Sequence, changed);
                states.KeepNewest(StatesKept);
                break;
            case PoolConfigured configured:
                Of(_configurations, configured.PoolId).Add(configured.Sequence, configured);
                break;
            case TokenRegistered registered:
                Of(_tokens, registered.TokenId).Add(registered.Sequence, registered);
                break;
            case EpochStarted started:
                (_units, _lastCut) = (started.Units, null);
                _undecided.Clear();
                _unknown.Clear();
                tape.Begin();
                break;
            case SnapshotHandedOut handedOut:
                tape.Take(handedOut);
                Rebuild(handedOut);
                break;
            case Decided decided:
                tape.Take(decided);
                Compare(decided);
                progress?.Report(_decisions);
                break;
            case SnapshotEnded ended:
                _undecided.Remove(ended.SnapshotId);
                _unknown.Remove(ended.SnapshotId);
                tape.Take(ended);
                break;
        }
    }

    private void Rebuild(SnapshotHandedOut handedOut)
    {
        _lastCut = Cuts.Resolve(_lastCut, handedOut);
        if (_lastCut is not { } cut)
            _unknown[handedOut.SnapshotId] = $"it builds on snapshot {handedOut.Cut.Base}, which the journal no longer has";
        else if (TryMarket(cut, handedOut, out var market, out var missing) && TryStart(handedOut, out var start, out missing))
            _undecided[handedOut.SnapshotId] = new SolveSnapshot(handedOut.SnapshotId, market, handedOut.MarketHash, start?.Prices ?? [], handedOut.Options)
            {
                StartTrades = handedOut.StartsWithTrades && start is not null ? start.Trades : [],
            };
        else
            _unknown[handedOut.SnapshotId] = missing;
    }

    private bool TryMarket(HandedOutCut cut, SnapshotHandedOut handedOut, out Market market, out string missing)
    {
        market = null!;
        var pools = ImmutableArray.CreateBuilder<Pool>(cut.Pools.Length);
        var tokens = ImmutableArray.CreateBuilder<Token>(cut.Tokens.Length);
        missing = "";
        foreach (var pool in cut.Pools)
        {
            var state = Of(_states, pool.PoolId).At(pool.Sequence);
            var configuration = Of(_configurations, pool.PoolId).At(pool.ConfigurationSequence);
            if (state is null || configuration is null)
                missing = $"the journal has no {(state is null ? $"state {pool.Sequence}" : $"configuration {pool.ConfigurationSequence}")} of pool '{pool.PoolId}' any more";
            else
                pools.Add(ObservedPool.Of(configuration.Pool, state));
        }

        foreach (var token in cut.Tokens)
        {
            if (Of(_tokens, token.TokenId).At(token.Sequence) is { } registered)
                tokens.Add(registered.Token);
            else
                missing = $"the journal has no registration {token.Sequence} of token '{token.TokenId}' any more";
        }

        if (missing.Length > 0)
            return false;
        market = new Market
        {
            Name = handedOut.TapeCut > 0 ? Cuts.NameOf(handedOut.TapeCut) : handedOut.SnapshotId.ToString(),
            Slot = checked((long)handedOut.Slot),
            Units = _units,
            Tokens = tokens.DrainToImmutable(),
            Pools = pools.DrainToImmutable(),
        };
        return true;
    }

    private bool TryStart(SnapshotHandedOut handedOut, out MarketResult? result, out string missing)
    {
        missing = "";
        result = null;
        if (handedOut.Start is not { } start || _decided.TryGetValue(start, out result))
            return true;

        missing = $"it starts from decision {start}, which the journal no longer has";
        return false;
    }

    private void Compare(Decided decided)
    {
        _decisions++;
        if (decided.Result.Solver != solver)
            _otherSolvers[decided.Result.Solver] = _otherSolvers.GetValueOrDefault(decided.Result.Solver) + 1;
        if (!_undecided.Remove(decided.SnapshotId, out var snapshot))
        {
            _missing++;
            _firstMissing ??= $"snapshot {decided.SnapshotId}: "
                + _unknown.GetValueOrDefault(decided.SnapshotId, "the journal no longer has its hand-out");
        }
        else if (ResultComparison.Compare(decided, solve(snapshot)) is { } divergence)
        {
            _diverged++;
            _inNameAlone += divergence.Where == ResultComparison.SolverField ? 1 : 0;
            if (_divergences.Count < ReplayReport.DivergencesMax)
                _divergences.Add(divergence);
        }
        else
        {
            _same++;
        }

        Remember(decided);
    }

    private void Remember(Decided decided)
    {
        _decided[decided.SnapshotId] = decided.Result;
        _decidedOrder.Enqueue(decided.SnapshotId);
        if (_decidedOrder.Count > DecisionsKept)
            _decided.Remove(_decidedOrder.Dequeue());
    }

    private static EntityHistory<TFact> Of<TId, TFact>(Dictionary<TId, EntityHistory<TFact>> histories, TId id)
        where TId : notnull
        where TFact : class
    {
        if (!histories.TryGetValue(id, out var history))
            histories.Add(id, history = new EntityHistory<TFact>());
        return history;
    }
}
