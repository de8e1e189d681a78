namespace QTrade.Trading.Cluster;

/// <summary>A slice of the shared loss limit that an executor has.</summary>
/// <param name="Executor">Name of the executor.</param>
/// <param name="Number">The executor's number for it.</param>
/// <param name="LossMax">It may lose so much, in value units.</param>
/// <param name="Loss">It told that it lost so much.</param>
/// <param name="Until">When it lapses unless it is reported on before.</param>
public sealed record RiskSlice(string Executor, long Number, double LossMax, double Loss, DateTimeOffset Until)
{
    /// <summary>What must be reckoned with: all of it, and more where more was lost.</summary>
    public double AtRisk => Math.Max(LossMax, Loss);
}
