namespace QTrade.Node.Cluster;

/// <summary>How busy this process keeps the machine's processors.</summary>
internal sealed class ProcessorLoad(TimeProvider time)
{
    private long _looked = time.GetTimestamp();
    private TimeSpan _used = Environment.CpuUsage.TotalTime;

    /// <summary>The share of all processors since the last look, 0 to 1.</summary>
    public double Look()
    {
        (long before, TimeSpan usedBefore) = (_looked, _used);
        (_looked, _used) = (time.GetTimestamp(), Environment.CpuUsage.TotalTime);
        TimeSpan elapsed = time.GetElapsedTime(before, _looked);
        return elapsed > TimeSpan.Zero ? Math.Clamp((_used - usedBefore) / elapsed / Environment.ProcessorCount, 0, 1) : 0;
    }
}
