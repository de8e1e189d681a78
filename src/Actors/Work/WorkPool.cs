using QTrade.Actors.Kernel;

namespace QTrade.Actors.Work;

/// <summary>Threads of their own for work that takes long, such as solving. Made by <see cref="ActorSystem.CreateWorkPool"/>.</summary>
public abstract class WorkPool : IDisposable
{
    private long _refused;
    private long _completed;

    private protected WorkPool(string name, WorkPoolOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.QueueCapacity, 1);
        Name = name;
        Options = options;
    }

    /// <summary>What the pool is for.</summary>
    public string Name { get; }

    public WorkPoolOptions Options { get; }

    /// <summary>Work that waits for a thread.</summary>
    public abstract int Waiting { get; }

    /// <summary>Work refused because too much waited.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Work done, whether it succeeded or failed.</summary>
    public long Completed => Volatile.Read(ref _completed);

    public abstract void Dispose();

    /// <summary>Hands work over; work that is not taken fails with its reason.</summary>
    internal void Submit(WorkItem item)
    {
        if (TryEnqueue(item))
            return;
        Interlocked.Increment(ref _refused);
        item.Refuse($"work pool '{Name}' takes no more: {Waiting} of at most {Options.QueueCapacity} wait, or it has ended");
    }

    private protected abstract bool TryEnqueue(WorkItem item);

    private protected void Execute(WorkItem item)
    {
        item.Execute();
        Interlocked.Increment(ref _completed);
    }
}
