using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Warm;

/// <summary>
/// How close the rounds of a session's solve look: the energy that a token may be left with falls from round to round. Where an answer misses the gap by little, as the moves before have used it up, a round takes the
/// tokens with the most energy only: so what many moves left over is taken off bit by bit, and not over the whole market in the one move that finds nothing left.
/// </summary>
internal struct SessionRounds
{
    /// <summary>Rounds after the first that take all tokens with an eighth of the energy, and those that take the ones with the most.</summary>
    private const int MostOfAll = 5;
    private const int MostOfFew = 12;
    private const double Factor = 1.0 / 8;

    /// <summary>The gap, as a multiple of what is accepted, up to which little is missing.</summary>
    private const double Little = 2;

    /// <summary>
    /// A round of few tokens takes those with this part of the most energy, where no more than a tenth of what is accepted is missing. The part falls as more is, to 0.12 at <see cref="Little"/>: about the
    /// <see cref="Factor"/> of the other rounds.
    /// </summary>
    private const double PartOfMost = 0.95;
    private const double NextToNothing = 0.1;
    private const double Fall = 8;

    /// <summary>Energy, in targets, below which a round of few tokens would settle what is rounding.</summary>
    private const double Least = 3e-5;

    /// <summary>Targets that a round may leave, if it has not halved what the round before left: more rounds would not either.</summary>
    private const double MuchLeft = 1000;

    private int ofAll, ofFew;
    private bool isBegun;
    private double leftBefore;

    /// <summary>Sets out with no round made.</summary>
    public SessionRounds()
    {
    }

    /// <summary>The energy, in targets, from which on the round moves a token's price.</summary>
    public double Energy { get; private set; } = 1;

    /// <summary>Sets out for the next round, with its <see cref="Energy"/>. False where none is worth it, or as many were made as may be: the energy is then what a last one, over the market, may leave.</summary>
    /// <param name="left">Bound less profit.</param>
    /// <param name="accepted">The same of an answer that is accepted.</param>
    /// <param name="target">The same that the rounds aim at.</param>
    /// <param name="energies">What the tokens have.</param>
    /// <param name="isAnyCut">Whether flows had to be cut.</param>
    public bool TryNext(double left, double accepted, double target, ReadOnlySpan<double> energies, bool isAnyCut)
    {
        if (isBegun && ((!isAnyCut && left > MuchLeft * target && left > 0.5 * Math.Abs(leftBefore)) || !TryLower(left, accepted, target, energies)))
            return false;
        isBegun = true;
        leftBefore = left;
        return true;
    }

    private bool TryLower(double left, double accepted, double target, ReadOnlySpan<double> energies)
    {
        if (left <= Little * accepted && ofFew < MostOfFew)
        {
            double missing = left > (1 + NextToNothing) * accepted ? (left / accepted) - 1 - NextToNothing : 0;
            double ofMost = PartOfMost / (1 + (Fall * missing)) * Math.Min(Energy, LaneRows.Greatest(energies) / target);
            if (ofMost >= Least)
            {
                Energy = ofMost;
                ofFew++;
                return true;
            }
        }

        Energy *= Factor;
        return ofAll++ < MostOfAll;
    }
}
