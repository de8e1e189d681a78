using System.Collections.Concurrent;
using QTrade.Actors.Kernel;

namespace QTrade.Actors.Work;

/// <summary>A work pool on threads of the operating system.</summary>
internal sealed class ThreadWorkPool : WorkPool
{
    private readonly BlockingCollection<WorkItem> _queue;

    internal ThreadWorkPool(string name, WorkPoolOptions options)
        : base(name, options)
    {
        _queue = new BlockingCollection<WorkItem>(options.QueueCapacity);
        for (var i = 0; i < options.Threads; i++)
            new Thread(Work) { Name = $"{name}-{i + 1}", IsBackground = true }.Start();
    }

    public override int Waiting => _queue.Count;

    /// <summary>Lets what waits finish and takes nothing more.</summary>
    public override void Dispose() => _queue.CompleteAdding();

    private protected override bool TryEnqueue(WorkItem item)
    {
        try
        {
            return _queue.TryAdd(item);
        }
        catch (InvalidOperationException)
        {
            // The pool has ended: there is no way to ask first, since it may end in between.
            return false;
        }
    }

    private void Work()
    {
        foreach (var item in _queue.GetConsumingEnumerable())
            Execute(item);
    }
}
