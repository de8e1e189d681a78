namespace QTrade.Actors.Kernel;

/// <summary>One thing that happens: a message arrives, an actor has its turn, or something is done.</summary>
internal readonly struct SimulatedEvent(object subject, object? item, CreditWaiter? waiter)
{
    internal void Happen()
    {
        if (subject is not ActorCell cell)
            ((Action)subject)();
        else if (item is null)
            cell.Execute();
        else if (cell.Receive(item, waiter))
            cell.Execute();
    }
}
