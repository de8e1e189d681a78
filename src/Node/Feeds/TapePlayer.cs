using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Solana.Tapes;

namespace QTrade.Node.Feeds;

/// <summary>Gives a tape's entries in their order, each no sooner than its time on the tape allows. Used by one reader.</summary>
/// <param name="name">What it is called where it is shown.</param>
/// <param name="reader">The tape; closed by whoever opened it.</param>
/// <param name="speed">How many times faster than recorded; 0 for as fast as can be.</param>
/// <param name="time">Tells the time and waits.</param>
/// <param name="stood">The pools of which the journal has a state, each with the newest slot of it: up to there nothing waits. None or null where it has none.</param>
public sealed class TapePlayer(string name, TapeReader reader, double speed, TimeProvider time, ImmutableDictionary<PoolId, ulong>? stood = null)
{
    /// <summary>Entries that are given at once.</summary>
    public const int EntriesMax = 256;

    private readonly TapeResume? _resume = stood is null or { IsEmpty: true } ? null : new TapeResume(stood);
    private TapeEntry? _next;
    private long? _begunAt;
    private TimeSpan _first;

    /// <summary>What it is called where it is shown.</summary>
    public string Name => name;

    /// <summary>The tape as a player gives it has ended.</summary>
    internal async Task<FeedTapeRead> ReadAsync(CancellationToken cancellationToken)
    {
        var entries = System.Collections.Immutable.ImmutableArray.CreateBuilder<TapeEntry>();
        try
        {
            while (entries.Count < EntriesMax)
            {
                if (_next is null)
                {
                    if (!reader.TryRead(out var read))
                        return new FeedTapeRead(entries.DrainToImmutable(), true, reader.TornBytes, null);
                    _next = read;
                    _resume?.Take(read);
                }

                var wait = Wait(_next.Value.Time);
                if (wait > TimeSpan.Zero)
                {
                    if (entries.Count > 0)
                        break;
                    await WaitAsync(wait, cancellationToken).ConfigureAwait(false);
                }

                entries.Add(_next.Value);
                _next = null;
            }
        }
        catch (IOException failure)
        {
            return new FeedTapeRead(entries.DrainToImmutable(), true, 0, failure.Message);
        }

        return new FeedTapeRead(entries.DrainToImmutable(), false, 0, null);
    }

    /// <summary>Not <see cref="Task.Delay(TimeSpan, TimeProvider, CancellationToken)"/>: a wait that is given up would go on there on a thread of the pool, beside a simulation and not in it.</summary>
    private async Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        var over = new TaskCompletionSource();
        using var timer = time.CreateTimer(_ => over.TrySetResult(), null, wait, Timeout.InfiniteTimeSpan);
        using var givenUp = cancellationToken.Register(() => over.TrySetCanceled(cancellationToken));
        await over.Task.ConfigureAwait(false);
    }

    private TimeSpan Wait(TimeSpan at)
    {
        if (speed <= 0 || _resume is { IsOver: false })
            return TimeSpan.Zero;
        if (_begunAt is not { } begun)
        {
            _begunAt = time.GetTimestamp();
            _first = at;
            return TimeSpan.Zero;
        }

        return ((at - _first) / speed) - time.GetElapsedTime(begun);
    }
}
