using QTrade.Actors.Kernel;

namespace QTrade.Actors.Work;

/// <summary>A work pool in virtual time: each piece takes its duration on the thread that is free first, and is run as it ends.</summary>
internal sealed class SimulatedWorkPool(string name, WorkPoolOptions options, Simulation simulation) : WorkPool(name, options)
{
    private readonly long[] _freeAt = new long[options.Threads];
    private int _submitted;
    private bool _disposed;

    public override int Waiting => Math.Max(0, _submitted - Options.Threads);

    public override void Dispose() => _disposed = true;

    private protected override bool TryEnqueue(WorkItem item)
    {
        if (_disposed || Waiting >= Options.QueueCapacity)
            return false;
        var thread = FirstFree();
        _freeAt[thread] = Math.Max(_freeAt[thread], simulation.Now) + Options.SimulatedDuration.Ticks;
        _submitted++;
        simulation.At(_freeAt[thread], item.Path, () =>
        {
            _submitted--;
            Execute(item);
        });
        return true;
    }

    private int FirstFree()
    {
        var first = 0;
        for (var i = 1; i < _freeAt.Length; i++)
        {
            if (_freeAt[i] < _freeAt[first])
                first = i;
        }

        return first;
    }
}
