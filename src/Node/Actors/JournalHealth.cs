using QTrade.Actors.Journal;

namespace QTrade.Node.Actors;

/// <summary>
/// Whether the journal writes. Broken by any append that is refused for want of room or a fault of the disk; sound again once an
/// append succeeded that began after the last refusal. Used from any thread.
/// </summary>
public sealed class JournalHealth
{
    private readonly Lock _gate = new();
    private readonly Action<string> _changed;
    private long _refusals;
    private string? _fault;
    private bool _isBroken;

    /// <param name="changed">Is told in one line when the journal breaks and when it is sound again; quick, never throws.</param>
    public JournalHealth(Action<string> changed) => _changed = changed;

    /// <summary>Why it does not write; null while it does.</summary>
    public string? Fault => Volatile.Read(ref _fault);

    /// <summary>Whether that is because it is not reached. One that is full is as full from everywhere else.</summary>
    public bool IsBroken => Volatile.Read(ref _isBroken);

    /// <summary>How many appends were refused so; an append that begins now is told apart by it.</summary>
    public long Refusals => Volatile.Read(ref _refusals);

    /// <summary>An append was refused.</summary>
    public void Failed(AppendStatus status, string error)
    {
        if (status is not (AppendStatus.Full or AppendStatus.Broken))
            return;
        lock (_gate)
        {
            _refusals++;
            _isBroken |= status == AppendStatus.Broken;
            if (_fault is not null)
                return;
            _fault = error;
        }

        _changed($"journal: {error}; trading is halted until it writes again, pools keep observing");
    }

    /// <summary>An append succeeded.</summary>
    /// <param name="begunAt"><see cref="Refusals"/> when it began.</param>
    public void Succeeded(long begunAt)
    {
        if (Fault is null)
            return;
        lock (_gate)
        {
            if (_fault is null || begunAt != _refusals)
                return;
            (_fault, _isBroken) = (null, false);
        }

        _changed("journal: writes again; trading goes on");
    }
}
