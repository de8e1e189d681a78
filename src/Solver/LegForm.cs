namespace QTrade.Solver;

/// <summary>How a leg answers to prices.</summary>
internal enum LegForm : byte
{
    /// <summary>Not at all, as the Newton method needs it.</summary>
    None,

    /// <summary>By pieces of constant price.</summary>
    Linear,

    /// <summary>By <see cref="RoutingPool.Answer"/>.</summary>
    Curve,

    /// <summary>By a constant mean of unequal weights.</summary>
    Mean,

    /// <summary>By a constant product.</summary>
    Product,
}
