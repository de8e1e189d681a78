using QTrade.Markets;
using QTrade.Messages;
using QTrade.Trading;
using QTrade.Trading.Ledgers;

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
    private readonly RefusalCounter _updateRefusals = new(), _commandRefusals = new();
    private readonly Action<string> _tell;
    private long _updatesRefused, _faults, _solves, _journalRefusals;
    private string? _lastFault;

    /// <param name="tell">Takes one line for a person; quick, never throws.</param>
    public NodeMetrics(Action<string> tell) => _tell = tell;

    /// <summary>Updates that were refused, whatever the reason.</summary>
    public long UpdatesRefused => Volatile.Read(ref _updatesRefused);

    /// <summary>Failures that were counted and passed over or healed.</summary>
    public long Faults => Volatile.Read(ref _faults);

    /// <summary>Solves that ended with a result.</summary>
    public long Solves => Volatile.Read(ref _solves);

    /// <summary>Appends and readings that the journal refused.</summary>
    public long JournalRefusals => Volatile.Read(ref _journalRefusals);

    /// <summary>The last fault in one line; null before the first.</summary>
    public string? LastFault => Volatile.Read(ref _lastFault);

    /// <summary>Updates that were refused, by reason.</summary>
    public RefusalStatus UpdateRefusals => _updateRefusals.Status(RefusalSource.Updates);

    /// <summary>Commands that were refused, by reason.</summary>
    public RefusalStatus CommandRefusals => _commandRefusals.Status(RefusalSource.Commands);

    /// <summary>A pool did not take an update.</summary>
    internal void UpdateRefused(PoolId pool, Rejection rejection, DateTimeOffset at)
    {
        Interlocked.Increment(ref _updatesRefused);
        _updateRefusals.Count(rejection.Code);

        // Older and repeated observations are what a feed's re-reads look like: nothing is wrong.
        if (rejection.Code is ReasonCode.OlderPosition or ReasonCode.RepeatedPosition)
            return;
        _updateRefusals.Keep(new ReasonedRefusal($"pool {pool}", rejection.Code, rejection.Detail ?? "", at));
        TellOnce(pool.Value, rejection.Code.ToString(), $"pool {pool}: update refused: {rejection}");
    }

    /// <summary>A rule refused a command: counted by its reason and as a fault.</summary>
    /// <param name="where">Whose rule; each tells each reason once.</param>
    /// <param name="what">What was refused, for a person.</param>
    /// <param name="rejection">Why.</param>
    /// <param name="at">When, by the node's clock.</param>
    internal void CommandRefused(string where, string what, Rejection rejection, DateTimeOffset at)
    {
        CommandPassedOver(what, rejection, at);
        Fault(where, rejection.Code.ToString(), $"{what} refused: {rejection}");
    }

    /// <summary>A rule refused what is now and then told twice: counted by its reason, and no fault.</summary>
    internal void CommandPassedOver(string what, Rejection rejection, DateTimeOffset at)
    {
        _commandRefusals.Count(rejection.Code);
        _commandRefusals.Keep(new ReasonedRefusal(what, rejection.Code, rejection.Detail ?? "", at));
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

    internal void JournalRefused() => Interlocked.Increment(ref _journalRefusals);

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
