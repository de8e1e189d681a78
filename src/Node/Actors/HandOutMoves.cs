using QTrade.Trading.Routing;

namespace QTrade.Node.Actors;

/// <summary>
/// How far the market moved from one hand-out to the next, from which follows how soon the next one is due. What had moved at a hand-out that the journal refused counts
/// with the next that it takes. Owned by the router.
/// </summary>
/// <param name="options">How many hand-outs count, and the bounds of the interval.</param>
internal sealed class HandOutMoves(RouterOptions options)
{
    private readonly Queue<CutVariance> _variances = new();

    /// <summary>How far the market had moved at the hand-out being written, and how long after the last one.</summary>
    private (double MeanSquare, TimeSpan? After)? _writing;

    /// <summary>How far it had moved at the hand-outs that the journal refused since it wrote one; null where there are none.</summary>
    private double? _owed;

    /// <summary>Whether the market was cut for a hand-out that the journal refused: by the market alone nothing would be due before it moves again.</summary>
    public bool IsOwed => _owed is not null;

    /// <summary>How long to wait after the last hand-out where anything changed.</summary>
    public TimeSpan Interval => AdaptiveInterval.Of([.. _variances], options);

    /// <summary>A hand-out is being written.</summary>
    /// <param name="meanSquare">How far the market moved since it was last cut; the squares of what moved before and after a refused one add up.</param>
    /// <param name="after">How long after the last hand-out that was written; null for the first.</param>
    public void Write(double meanSquare, TimeSpan? after) => _writing = ((_owed ?? 0) + meanSquare, after);

    /// <summary>The journal refused what was being written.</summary>
    public void Refuse()
    {
        if (_writing is { } cut)
            (_owed, _writing) = (cut.MeanSquare, null);
    }

    /// <summary>It was written: from here on what moves since counts.</summary>
    public void Commit()
    {
        if (_writing is not { } cut)
            return;
        Remember(cut.MeanSquare, cut.After);
        (_writing, _owed) = (null, null);
    }

    /// <summary>The first of all says nothing of how far the market moves in a time, nor does one before which the clock was set back.</summary>
    private void Remember(double meanSquare, TimeSpan? after)
    {
        if (after is not { } time || time < TimeSpan.Zero)
            return;
        if (_variances.Count == options.VarianceCuts)
            _variances.Dequeue();
        _variances.Enqueue(new CutVariance(meanSquare, time.TotalSeconds));
    }
}
