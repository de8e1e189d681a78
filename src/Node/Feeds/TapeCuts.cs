using System.Collections.Immutable;
using QTrade.Actors;
using QTrade.Messages.Routing;
using QTrade.Node.Simulation;

namespace QTrade.Node.Feeds;

/// <summary>A feed's side of a tape: tells the router where each cut lies, until that is over. Owned by one actor.</summary>
/// <param name="tape">Which tape.</param>
/// <param name="router">Who cuts.</param>
/// <param name="most">After how many cuts the tape ends; 0: it does not.</param>
internal sealed class TapeCuts(string tape, ActorRef<IRouterMessage> router, int most)
{
    /// <summary>How often what is not over is told again.</summary>
    public static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(250);

    private TapeCut _last = TapeCut.Question(tape);
    private long _over = -1;

    /// <summary>The cut that was laid last; 0 before the first.</summary>
    public long Number => _last.Number;

    /// <summary>Whether this cut was decided before the feed began: it is passed over.</summary>
    public bool IsPast => _last.Number < _over;

    /// <summary>Whether the router has to answer before anything further is shown.</summary>
    public bool Waits => _over < _last.Number;

    /// <summary>Whether the tape is at its end.</summary>
    public bool Ended => most > 0 && _over >= most;

    /// <summary>Lays the next cut.</summary>
    public void Lay(ulong slot, ImmutableArray<PoolPosition> pools) => _last = new TapeCut(tape, _last.Number + 1, slot, pools);

    /// <summary>Tells the last cut, or asks which was over before any was laid.</summary>
    public void Tell(Effects effects) => effects.Send<IRouterMessage>(router, _last);

    /// <summary>Takes the router's answer; whether the feed may go on with it.</summary>
    public bool Take(TapeCutOver over)
    {
        if (over.Tape != tape || over.Number <= _over || over.Number < _last.Number)
            return false;
        _over = over.Number;
        return true;
    }
}
