namespace QTrade.Solver.Newton;

/// <summary>
/// The least of the model where pools have linear pieces: from where the search is in the direction that the pieces there tell, as far as the model's derivative along the way stays negative, and on from there
/// (an active set with an exact search along each direction).
/// </summary>
internal sealed class LinearModelSearch(PricedPools pools, PriceIterate at, PieceModel model, ModelWay way)
{
    /// <summary>Models of one step, fewer in the first ones that are far from the end, and the parts of a derivative at which a search along one, and along all of them, ends; what of a log price or of a part of the way has no digits left.</summary>
    private const int MostModels = 20;
    private const int MostFirstModels = 4;
    private const int FirstSteps = 3;
    private const double SearchedPart = 0.01;
    private const double ModelledPart = 0.05;
    private const int MostTrials = 80;
    private const int MostRestRounds = 6;
    private const double Digits = 1e-15;

    /// <summary>Flow of a piece that need not be another, as a part of the dual.</summary>
    private const double NegligiblePart = 1e-9;

    private bool[] restsBefore = [];
    private double slope;

    public void Load()
    {
        if (restsBefore.Length < at.Count)
            restsBefore = new bool[Math.Max(at.Count, 2 * restsBefore.Length)];
    }

    /// <summary>Leaves the model's direction where the search ended.</summary>
    /// <param name="step">Steps that were made before.</param>
    public void Run(int step)
    {
        way.Begin();
        double first = 0;
        int models = step < FirstSteps ? MostFirstModels : MostModels;
        for (int round = 0; round < models; round++)
        {
            double most = FindWay();
            double t = PartOfWay(most);
            if (round == 0)
                first = -slope;
            way.Go(t);
            bool met = t == most && most < 1;
            if (met)
                RestWhereAtValue();
            bool changed = ChoosePieces(!met) || met;
            if ((!changed && t == 1) || -slope <= ModelledPart * first)
                break;
        }

        model.TakeDecrement();
    }

    /// <summary>
    /// The model's solution and the way to it. Tokens that it takes below their value rest there; where tokens tied by pools at their kinks cannot all do so it goes only until the first does. Answers
    /// that part of the way.
    /// </summary>
    private double FindWay()
    {
        bool[] rests = model.Rests;
        rests.AsSpan(0, at.Count).CopyTo(restsBefore);
        model.Solve();
        RestBelowValue();
        way.Take();
        slope = way.SlopeAt(0);
        if (slope < 0)
            return 1;
        for (int j = 0; j < at.Count; j++)
            rests[j] = restsBefore[j] && at.Z[j] + way.Reached[j] <= at.Least[j];
        model.Solve();
        way.Take();
        slope = way.SlopeAt(0);
        double most = 1;
        for (int j = 0; j < at.Count; j++)
        {
            if (IsBelowValue(j))
                most = Math.Min(most, Math.Max(0, (at.Least[j] - at.Z[j] - way.Reached[j]) / way.Along[j]));
        }

        return most;
    }

    private bool IsBelowValue(int j) => !model.Rests[j] && !model.IsLoose(j) && at.Z[j] + model.Direction[j] < at.Least[j];

    private void RestBelowValue()
    {
        for (int round = 0; round < MostRestRounds; round++)
        {
            bool any = false;
            for (int j = 0; j < at.Count; j++)
            {
                if (IsBelowValue(j))
                    model.Rests[j] = any = true;
            }

            if (!any)
                return;
            model.Solve();
        }
    }

    private void RestWhereAtValue()
    {
        double[] d = model.Direction;
        for (int j = 0; j < at.Count; j++)
        {
            if (model.Rests[j] || model.IsLoose(j) || !(at.Z[j] + d[j] <= at.Least[j] + Digits))
                continue;
            model.Rests[j] = true;
            d[j] = way.Reached[j] = at.Least[j] - at.Z[j];
        }
    }

    /// <summary>
    /// Where the model's derivative along the way has come to next to nothing, at most <paramref name="most"/>: on by the line that it is on, which ends at the zero once no piece lies between; where that does not
    /// halve it, by the middle, and where it leads out of what is left, by the secant rule.
    /// </summary>
    private double PartOfWay(double most)
    {
        double low = 0, high = most, atLow = slope, atHigh = way.SlopeAt(most);
        if (atHigh <= ModelSearch.Accepted * Math.Abs(slope))
            return most;
        double enough = SearchedPart * Math.Abs(slope), next = Secant(low, high, atLow, atHigh), before = double.PositiveInfinity;
        for (int trial = 0; trial < MostTrials && high - low > Digits * high; trial++)
        {
            double t = next > low && next < high ? next : trial % 3 == 2 ? 0.5 * (low + high) : Secant(low, high, atLow, atHigh);
            if (!(t > low && t < high))
                t = 0.5 * (low + high);
            double here = way.SlopeAt(t, out double curvature);
            if (Math.Abs(here) <= enough)
                return t;
            double eased = trial % 3 == 1 ? 0.5 : 1;
            if (here < 0)
                (low, atLow, atHigh) = (t, here, eased * atHigh);
            else
                (high, atHigh, atLow) = (t, here, eased * atLow);
            next = Math.Abs(here) < 0.5 * before ? t - (here / curvature) : 0.5 * (low + high);
            before = Math.Abs(here);
        }

        return high;
    }

    private static double Secant(double low, double high, double atLow, double atHigh) => low + ((high - low) * (atLow / (atLow - atHigh)));

    /// <summary>Takes the pieces at the end of the direction, and the tokens that rest there unless some came to their value only now; answers whether any is another.</summary>
    private bool ChoosePieces(bool andRests)
    {
        double negligible = NegligiblePart * Math.Abs(at.Dual);
        bool any = false;
        foreach (int p in model.Turning())
            any |= TakePiece(p, negligible);
        return (andRests && model.ChooseRests(negligible)) || any;
    }

    private bool TakePiece(int p, double negligible)
    {
        double change = model.Direction[pools.To[p]] - model.Direction[pools.From[p]];
        int next;
        if (p < pools.LinearStart)
        {
            next = pools.NextLeg(p, change, out double excess);
            if (model.TurnedFlow(p, next, excess) <= negligible)
                return false;
        }
        else
        {
            next = pools.PieceAt(p, change);
            model.WorthOn(p, model.Piece[p], change, out double before, out _);
            model.WorthOn(p, next, change, out double after, out _);
            if (Math.Abs(after - before) <= negligible)
                return false;
        }

        model.SetPiece(p, next);
        return true;
    }
}
