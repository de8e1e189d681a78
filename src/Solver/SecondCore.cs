using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace QTrade.Solver;

/// <summary>
/// A second core for loops over the pools of a large market in which every pool stands alone, or adds to sums of its half: the halves are the same and are added in the same order on one core, so that no bit of an answer depends on whether there was another.
/// It is a thread of the pool that waits from one loop of a solve to the next without sleeping, since the loops are too short to wake one for each, but not for long: where the two cores are less than two of the host's,
/// it waits in the time of the other. Where none comes in time the caller goes over the second half as well.
/// </summary>
internal sealed class SecondCore : IThreadPoolWorkItem
{
    /// <summary>Pools below which one core is as fast.</summary>
    private const int LeastPools = 10_000;

    private const int Nothing = 0, Offered = 1, Taken = 2;


    private Action<int, int>? loop;
    private int first, end, state, queued;
    private ExceptionDispatchInfo? failure;
    private volatile bool isOpen;

    /// <summary>How long it waits for the next loop before it has to be called again.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMicroseconds(300);

    /// <summary>Whether it may be used at all.</summary>
    public bool IsAllowed { get; set; } = Environment.ProcessorCount > 1;

    /// <summary>Where the second half of a loop over so many begins.</summary>
    public static int Half(int count) => (count >> 1) & ~7;

    /// <summary>A solve of so many pools begins.</summary>
    public void Begin(int pools)
    {
        isOpen = IsAllowed && pools >= LeastPools;
        if (isOpen)
            Call();
    }

    /// <summary>It ended.</summary>
    public void End() => isOpen = false;

    /// <summary>
    /// Does a loop over 0 to <paramref name="count"/>: what is done for one must not depend on what is done for another of the other half. A long one comes in two halves, on one core as well, so that each may have sums of
    /// its own.
    /// </summary>
    public void Halve(int count, Action<int, int> body)
    {
        if (count < LeastPools)
        {
            body(0, count);
            return;
        }

        if (!isOpen)
        {
            body(0, Half(count));
            body(Half(count), count);
            return;
        }

        (loop, first, end) = (body, Half(count), count);
        Interlocked.Exchange(ref state, Offered);
        Call();
        try
        {
            body(0, first);
        }
        finally
        {
            if (Interlocked.CompareExchange(ref state, Nothing, Offered) == Offered)
                body(first, end);
            else
                AwaitOther();
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        do
        {
            Serve();
            Interlocked.Exchange(ref queued, 0);
        }
        while (isOpen && Volatile.Read(ref state) == Offered && Interlocked.Exchange(ref queued, 1) == 0);
    }

    /// <summary>Has a thread come, unless one is there or on its way.</summary>
    private void Call()
    {
        if (Volatile.Read(ref queued) == 0 && Interlocked.Exchange(ref queued, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A loop's exception belongs to the solve that it was part of, and is thrown there.")]
    private void Serve()
    {
        SpinWait spin = default;
        long since = Stopwatch.GetTimestamp();
        while (isOpen)
        {
            if (Volatile.Read(ref state) != Offered || Interlocked.CompareExchange(ref state, Taken, Offered) != Offered)
            {
                if (Stopwatch.GetElapsedTime(since) > LongestWait)
                    return;
                spin.SpinOnce(sleep1Threshold: -1);
                continue;
            }

            try
            {
                loop!(first, end);
            }
            catch (Exception thrown)
            {
                failure = ExceptionDispatchInfo.Capture(thrown);
            }

            Volatile.Write(ref state, Nothing);
            spin.Reset();
            since = Stopwatch.GetTimestamp();
        }
    }

    private void AwaitOther()
    {
        SpinWait spin = default;
        while (Volatile.Read(ref state) != Nothing)
            spin.SpinOnce(sleep1Threshold: -1);
        ExceptionDispatchInfo? thrown = failure;
        failure = null;
        thrown?.Throw();
    }
}
