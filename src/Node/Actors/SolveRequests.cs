using System.Collections.Immutable;
using QTrade.Actors;
using QTrade.Messages.Routing;

namespace QTrade.Node.Actors;

/// <summary>Callers that wait for one solve, of the next snapshot that is handed out; who asks after that joins them. Owned by the router.</summary>
internal sealed class SolveRequests
{
    /// <summary>Callers that wait at most.</summary>
    public const int Max = 16;

    private readonly List<ActorRef<SolvedNow>> _asked = [];

    /// <summary>The snapshot that they wait for; null before one is handed out.</summary>
    private SnapshotId? _handedOut;

    /// <summary>Whether as many wait as may.</summary>
    public bool IsFull => _asked.Count >= Max;

    /// <summary>Whether a snapshot was handed out for those that wait.</summary>
    public bool IsHandedOut => _handedOut is not null;

    /// <summary>Whether one is to be handed out for them.</summary>
    public bool AwaitsHandOut => _asked.Count > 0 && !IsHandedOut;

    /// <summary>One more waits.</summary>
    public void Add(ActorRef<SolvedNow> asker) => _asked.Add(asker);

    /// <summary>A snapshot is handed out: it is what those who asked wait for.</summary>
    public void HandOut(SnapshotId id)
    {
        if (_asked.Count > 0)
            _handedOut = id;
    }

    /// <summary>What to answer now that this is durable; null where their snapshot is neither decided nor ended.</summary>
    /// <param name="committed">What is durable.</param>
    /// <param name="last">The last decision.</param>
    public SolvedNow? AnswerOf(RouterCommitted committed, LastDecisionStatus? last) => _handedOut is not { } asked ? null
        : committed.Decided?.SnapshotId == asked ? new SolvedNow(last, null)
        : committed.Ended.Contains(asked) ? new SolvedNow(null, $"snapshot {asked} ended without a decision: qtrade pbm why says why")
        : null;

    /// <summary>Takes all that wait: they are answered, and wait no more.</summary>
    public ImmutableArray<ActorRef<SolvedNow>> TakeAll()
    {
        ImmutableArray<ActorRef<SolvedNow>> all = [.. _asked];
        _asked.Clear();
        _handedOut = null;
        return all;
    }
}
