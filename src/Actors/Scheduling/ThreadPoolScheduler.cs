using QTrade.Actors.Kernel;
using QTrade.Actors.Work;

namespace QTrade.Actors.Scheduling;

/// <summary>Actors take turns on the runtime's thread pool, in real time.</summary>
public sealed class ThreadPoolScheduler : Scheduler
{
    /// <param name="time">The clock; the system's if not given.</param>
    /// <param name="throughput">How many messages an actor handles in one turn.</param>
    public ThreadPoolScheduler(TimeProvider? time = null, int throughput = 128)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(throughput, 1);
        Time = time ?? TimeProvider.System;
        Throughput = throughput;
    }

    public override TimeProvider Time { get; }

    internal override int Throughput { get; }

    internal override void Schedule(ActorCell cell) => ThreadPool.UnsafeQueueUserWorkItem(cell, preferLocal: false);

    internal override WorkPool CreateWorkPool(string name, WorkPoolOptions options) => new ThreadWorkPool(name, options);

    internal override void StartIo(IoItem item, Action ended, CancellationToken cancellationToken) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            static async void (start) =>
            {
                await start.item.StartAsync(start.cancellationToken).ConfigureAwait(false);
                start.ended();
            },
            (item, ended, cancellationToken),
            preferLocal: false);
}
