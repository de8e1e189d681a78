using QTrade.Markets;
using QTrade.Messages;
using QTrade.Trading;

namespace QTrade.Node.Actors;

/// <summary>
/// What a node counts beside its journal: refused updates and faults that were passed over or healed. Everything is counted; each kind is
/// told in words once per place it comes from, as far as <see cref="ToldMax"/> goes. Used from any thread.
/// </summary>
public sealed class NodeMetrics
{
    /// <summary>Places that are remembered as told; faults of further places are only counted.</summary>
    public const int ToldMax = 1_000;

    private readonly Lock _gate = new();
    private readonly HashSet<(string Where, string Kind)> _told = [];
    private readonly long[] _refusals = new long[Enum.GetValues<ReasonCode>().Max(reason => (int)reason) + 1];
    private readonly Action<string> _tell;
    private long _updatesRefused, _faults, _solves, _appendsRefused;
    private string? _lastFault;

    /// <param name="tell">Takes one line for a person; quick, never throws.</param>
    public NodeMetrics(Action<string> tell) => _tell = tell;

    /// <summary>Updates that were refused, whatever the reason.</summary>
    public long UpdatesRefused => Volatile.Read(ref _updatesRefused);

    /// <summary>Failures that were counted and passed over or healed.</summary>
    public long Faults => Volatile.Read(ref _faults);

    /// <summary>Solves that ended with a result.</summary>
    public long Solves => Volatile.Read(ref _solves);

    /// <summary>Appends that the journal refused.</summary>
    public long AppendsRefused => Volatile.Read(ref _appendsRefused);

    /// <summary>The last fault in one line; null before the first.</summary>
    public string? LastFault => Volatile.Read(ref _lastFault);

    /// <summary>How many updates were refused for a reason.</summary>
    public long RefusedFor(ReasonCode reason) => Volatile.Read(ref _refusals[(int)reason]);

    /// <summary>A pool did not take an update.</summary>
    internal void UpdateRefused(PoolId pool, Rejection rejection)
    {
        Interlocked.Increment(ref _updatesRefused);
        Interlocked.Increment(ref _refusals[(int)rejection.Code]);

        // Older and repeated observations are what a feed's re-reads look like: nothing is wrong.
        if (rejection.Code is not (ReasonCode.OlderPosition or ReasonCode.RepeatedPosition))
            TellOnce(pool.Value, rejection.Code.ToString(), $"pool {pool}: update refused: {rejection}");
    }

    /// <summary>Something failed and the rest goes on.</summary>
    /// <param name="where">Where; each place tells each kind once.</param>
    /// <param name="kind">What kind of fault.</param>
    /// <param name="line">One line for a person.</param>
    internal void Fault(string where, string kind, string line)
    {
        Interlocked.Increment(ref _faults);
        Volatile.Write(ref _lastFault, line);
        TellOnce(where, kind, line);
    }

    internal void Solved() => Interlocked.Increment(ref _solves);

    internal void AppendRefused() => Interlocked.Increment(ref _appendsRefused);

    private void TellOnce(string where, string kind, string line)
    {
        lock (_gate)
        {
            if (_told.Count >= ToldMax || !_told.Add((where, kind)))
                return;
        }

        _tell(line);
    }
}
