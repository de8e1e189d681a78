namespace QTrade.Solver;

/// <summary>What the solver's loops need of one leg, found once, when a pool is made, where its kind keeps it.</summary>
internal struct LegTerms
{
    /// <summary>Most output per unit tendered, after fees; 0 where nothing can be traded.</summary>
    public double Best;

    /// <summary>The most that may be tendered, the most that can be received.</summary>
    public double MostTender, MostReceived;

    /// <summary>X, Y and r as <see cref="RoutingPool.DescribeMean"/> has them, for a leg of constant mean.</summary>
    public double TenderScale, OutputScale, Ratio;

    /// <summary>How the leg answers to prices.</summary>
    public LegForm Form;
}
