namespace QTrade.Broker;

/// <summary>One subscription to a hop. Its disposal gives back every delivery that is not ended: those come again, here or elsewhere.</summary>
public interface ISubscription : IAsyncDisposable
{
    /// <summary>Deliveries that are not ended.</summary>
    int Unended { get; }

    /// <summary>Has nothing more delivered. What was delivered can still be ended; the next who subscribed to a single hop takes over at once.</summary>
    Task CancelAsync();
}
