namespace QTrade.Node.Replay;

/// <summary>
/// The recent facts of one entity by sequence number: what cuts to come may still pass through. Cuts only move on, so what lies before the
/// last one is let go.
/// </summary>
internal sealed class EntityHistory<TFact>
    where TFact : class
{
    private readonly Queue<(long Sequence, TFact Fact)> _facts = new();

    public int Count => _facts.Count;

    public void Add(long sequence, TFact fact) => _facts.Enqueue((sequence, fact));

    /// <summary>The fact of that sequence number; null where the journal no longer has it. Earlier ones are let go.</summary>
    public TFact? At(long sequence)
    {
        while (_facts.TryPeek(out var oldest) && oldest.Sequence < sequence)
            _facts.Dequeue();
        return _facts.TryPeek(out var found) && found.Sequence == sequence ? found.Fact : null;
    }

    /// <summary>Lets go of what lies before the newest, where no cut has passed for long.</summary>
    public void KeepNewest(int most)
    {
        while (_facts.Count > most)
            _facts.Dequeue();
    }
}
