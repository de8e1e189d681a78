namespace QTrade.Solver.Newton;

/// <summary>One leg of every pool of <see cref="PricedPools"/>, as arrays by pool.</summary>
internal sealed class PoolSide
{
    /// <summary>log(b S_out / S_in), the excess where both tokens have z = 0; minus infinity where the leg takes no part.</summary>
    public double[] Offset = [];

    /// <summary>X, Y, r and 1 / (1 + r) of received = Y (1 - (1 + tender / X)^-r), where the pool is of that form; the last two where it is no product.</summary>
    public double[] TenderScale = [], OutputScale = [], Ratio = [], Inverse = [];

    /// <summary>d receive / d u where the leg begins to trade, infinity where it takes no part; the most that may be tendered.</summary>
    public double[] FirstRise = [], Most = [];

    /// <summary>What the leg keeps from one call of <see cref="RoutingPool.Answer"/> to the next.</summary>
    public int[] Cell = [];

    public void Grow(int size)
    {
        Offset = new double[size];
        TenderScale = new double[size];
        OutputScale = new double[size];
        Ratio = new double[size];
        Inverse = new double[size];
        FirstRise = new double[size];
        Most = new double[size];
        Cell = new int[size];
    }
}
