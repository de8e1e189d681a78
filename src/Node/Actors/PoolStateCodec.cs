using System.Diagnostics.CodeAnalysis;
using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
using QTrade.Messages.Pools;
using QTrade.Trading.Pools;

namespace QTrade.Node.Actors;

/// <summary>Snapshots of a pool: its last event is its whole state.</summary>
internal sealed class PoolStateCodec : IEventCodec<PoolState>
{
    public static PoolStateCodec Instance { get; } = new();

    public EventData Encode(PoolState value) => WireCodec<IPoolEvent>.Instance.Encode(
        value.Newest ?? throw new ArgumentException("a pool that was never observed has no snapshot", nameof(value)));

    public bool TryDecode(EventData data, [MaybeNullWhen(false)] out PoolState value, [NotNullWhen(false)] out string? reason)
    {
        value = default;
        if (!WireCodec<IPoolEvent>.Instance.TryDecode(data, out var last, out reason))
            return false;
        value = new PoolState((ReservesChanged)last);
        return true;
    }
}
