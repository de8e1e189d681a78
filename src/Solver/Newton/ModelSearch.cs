namespace QTrade.Solver.Newton;

/// <summary>
/// The way to the least of the model near the end of a solve, where a few large pools at their kinks would have the pieces change for ever: from one solution of the model to the next only so far as the model's
/// own derivative along the way allows, with the pieces of where that is.
/// </summary>
internal sealed class ModelSearch(PieceModel model, ModelWay way)
{
    private const int MostModels = 20;
    private const int MostTrials = 12;

    /// <summary>The part of the derivative at the beginning of a way at which it ends.</summary>
    public const double Accepted = 0.1;

    /// <summary>Leaves the model's direction where the search ended.</summary>
    public void Run()
    {
        way.Begin();
        bool ended = false;
        for (int round = 0; round < MostModels && !ended; round++)
        {
            model.Solve();
            way.Take();
            double t = PartOfWay();
            way.Go(t);
            model.ForgetCeased();
            ended = !model.ChoosePieces() && t == 1;
        }

        model.TakeDecrement();
    }

    /// <summary>Where along the way the model's derivative is next to nothing, or just behind the kink at which it changes its sign.</summary>
    private double PartOfWay()
    {
        double first = way.SlopeAt(0), low = 0, high = 1, atLow = first, atHigh = way.SlopeAt(1);
        if (atHigh <= Accepted * Math.Abs(first))
            return 1;
        for (int trial = 0; trial < MostTrials && high > 1.05 * low; trial++)
        {
            double secant = low + ((high - low) * Math.Clamp(atLow / (atLow - atHigh), 0.02, 0.98));
            double t = low == 0 ? Math.Min(secant, 0.5 * high) : high > 4 * low ? Math.Sqrt(low * high) : (trial & 1) == 0 ? secant : 0.5 * (low + high);
            double here = way.SlopeAt(t);
            if (Math.Abs(here) <= Accepted * Math.Abs(first))
                return t;
            if (here < 0)
                (low, atLow) = (t, here);
            else
                (high, atHigh) = (t, here);
        }

        return high;
    }
}
