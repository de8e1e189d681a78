using QTrade.Actors.Mailboxes;
using QTrade.Messages;
using QTrade.Messages.Pools;

namespace QTrade.Node.Actors;

/// <summary>Of the observations that wait for a pool only the newest matters, newest by position and not by arrival (law 3).</summary>
internal sealed class PoolConflation : IConflation<IPoolMessage, int>
{
    public static PoolConflation Instance { get; } = new();

    public bool TryGetKey(IPoolMessage message, out int key)
    {
        key = 0;
        return message is ObserveReserves;
    }

    public IPoolMessage Merge(IPoolMessage waiting, IPoolMessage arrived) =>
        ((ObserveReserves)arrived).At.CompareTo(((ObserveReserves)waiting).At) is PositionOrder.Older or PositionOrder.Same ? waiting : arrived;
}
