namespace QTrade.Broker;

/// <summary>What a transport counts. Used from any thread.</summary>
internal sealed class TransportCounters
{
    private readonly string _broker;
    private readonly long[] _counts = new long[Enum.GetValues<Count>().Length];
    private volatile string? _lastFault;
    private volatile string? _lastPoison;

    public TransportCounters(string broker) => _broker = broker;

    public enum Count
    {
        Connects,
        ConnectsFailed,
        Published,
        Republished,
        Full,
        NoReceiver,
        Unknown,
        Waits,
        Delivered,
        Redelivered,
        Renewed,
        Acked,
        EndedLate,
        HandlersFailed,
        Poisoned,
    }

    public void Add(Count count) => Interlocked.Increment(ref _counts[(int)count]);

    public void Fault(string fault)
    {
        _lastFault = fault;
        Add(Count.ConnectsFailed);
    }

    public void Poison(string reason)
    {
        _lastPoison = reason;
        Add(Count.Poisoned);
    }

    public PublishEnding Ended(PublishEnding ending)
    {
        Add(ending switch
        {
            PublishEnding.Confirmed => Count.Published,
            PublishEnding.Full => Count.Full,
            PublishEnding.NoReceiver => Count.NoReceiver,
            PublishEnding.Unknown => Count.Unknown,
            _ => throw new ArgumentOutOfRangeException(nameof(ending), ending, "not an ending"),
        });
        return ending;
    }

    public TransportStatus Now(bool connected) => new()
    {
        Connected = connected,
        Broker = _broker,
        Connects = Of(Count.Connects),
        ConnectsFailed = Of(Count.ConnectsFailed),
        LastFault = _lastFault,
        Published = Of(Count.Published),
        Republished = Of(Count.Republished),
        Full = Of(Count.Full),
        NoReceiver = Of(Count.NoReceiver),
        Unknown = Of(Count.Unknown),
        Waits = Of(Count.Waits),
        Delivered = Of(Count.Delivered),
        Redelivered = Of(Count.Redelivered),
        Renewed = Of(Count.Renewed),
        Acked = Of(Count.Acked),
        EndedLate = Of(Count.EndedLate),
        HandlersFailed = Of(Count.HandlersFailed),
        Poisoned = Of(Count.Poisoned),
        LastPoison = _lastPoison,
    };

    private long Of(Count count) => Volatile.Read(ref _counts[(int)count]);
}
