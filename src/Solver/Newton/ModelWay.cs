namespace QTrade.Solver.Newton;

/// <summary>
/// A way within the piecewise quadratic model, from where a search of it has come to towards the solution with the pieces of there, and the model's own derivative along it.
/// </summary>
internal sealed class ModelWay(PricedPools pools, PriceIterate at, PieceModel model)
{
    private int[] turning = [];
    private bool[] turns = [];
    private int[] changed = [];
    private int turningCount;
    private double slopeAtStart, slopeRise;

    /// <summary>Per node: how far the search has come from the iterate; the way on from there.</summary>
    public double[] Reached { get; private set; } = [];

    public double[] Along { get; private set; } = [];

    public void Load()
    {
        if (Along.Length < at.Count)
        {
            int size = Math.Max(at.Count, 2 * Along.Length);
            Along = new double[size];
            Reached = new double[size];
        }

        if (turns.Length < pools.Count)
        {
            int size = Math.Max(pools.Count, 2 * turns.Length);
            turns = new bool[size];
            turning = new int[size];
            changed = new int[size];
        }
    }

    /// <summary>Begins at the iterate.</summary>
    public void Begin() => Reached.AsSpan(0, at.Count).Clear();

    /// <summary>Takes the way to the model's solution.</summary>
    public void Take()
    {
        double[] d = model.Direction;
        for (int j = 0; j < at.Count; j++)
        {
            d[j] = Math.Clamp(d[j], -PieceModel.LongestStep, PieceModel.LongestStep);
            Along[j] = d[j] - Reached[j];
        }

        TakeSlopes();
    }

    /// <summary>Goes a part of the way: the direction leads there.</summary>
    public void Go(double t)
    {
        double[] d = model.Direction;
        for (int j = 0; j < at.Count; j++)
            d[j] = Reached[j] = t == 1 ? d[j] : Reached[j] + (t * Along[j]);
    }

    /// <summary>The derivative of the model, with every pool on the piece that it is on there, along the way at the part t of it.</summary>
    public double SlopeAt(double t) => SlopeAt(t, out _);

    /// <summary>The same, and about what its own derivative is there.</summary>
    public double SlopeAt(double t, out double curvature)
    {
        double slope = slopeAtStart + (t * slopeRise);
        curvature = slopeRise;
        for (int i = 0; i < turningCount; i++)
        {
            int p = turning[i], a = pools.From[p], b = pools.To[p], leg = pools.Leg[p];
            double rise = Along[b] - Along[a], change = Reached[b] - Reached[a] + (t * rise);
            if (p >= pools.LinearStart)
            {
                slope += LinearSlope(p, change, out double weight);
                curvature += weight * rise * rise;
                continue;
            }

            int next = pools.NextLeg(p, change, out double excess);
            if (next == leg)
            {
                slope += pools.Weight[p] * change * rise;
                curvature += pools.Weight[p] * rise * rise;
                continue;
            }

            slope -= (pools.WorthTo[p] * Along[b]) + (pools.WorthFrom[p] * Along[a]);
            if (next < 0)
                continue;
            double begun = at.Nu[next == 0 ? b : a] * pools.FirstRise(p, next);
            slope += begun * excess * (next == 0 ? rise : -rise);
            curvature += begun * rise * rise;
        }

        return slope;
    }

    /// <summary>
    /// What the pools add to the derivative along the way: those that are on the pieces that they were evaluated on at both of its ends are so in between, and add what is linear in the part of the way;
    /// all others are listed. Where the way begins only pools that a model turned can be on another.
    /// </summary>
    private void TakeSlopes()
    {
        slopeAtStart = slopeRise = 0;
        turningCount = 0;
        for (int j = 0; j < at.Count; j++)
            slopeAtStart += at.S[j] * Along[j];
        Mark(model.Turned);
        Mark(changed.AsSpan(0, pools.ListChanged(model.Direction, pools.Piece, changed)));
        double[] reached = Reached, along = Along, weight = pools.Weight;
        int[] from = pools.From, to = pools.To;
        for (int p = 0; p < pools.Count; p++)
        {
            if (turns[p])
            {
                turns[p] = false;
                turning[turningCount++] = p;
                continue;
            }

            int a = from[p], b = to[p];
            double change = reached[b] - reached[a], rise = along[b] - along[a], flow = weight[p] * rise;
            slopeAtStart += flow * change;
            slopeRise += flow * rise;
        }
    }

    private void Mark(ReadOnlySpan<int> turning)
    {
        foreach (int p in turning)
            turns[p] = true;
    }

    /// <summary>What a linear pool's flows add to the derivative along the way beyond those that the residuals have.</summary>
    private double LinearSlope(int p, double change, out double weight)
    {
        weight = model.WorthOn(p, pools.PieceAt(p, change), change, out double to, out double outOf);
        return ((to - pools.WorthTo[p]) * Along[pools.To[p]]) + ((outOf - pools.WorthFrom[p]) * Along[pools.From[p]]);
    }
}
