using QTrade.Actors;
using QTrade.Actors.Mailboxes;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Pools;
using QTrade.Trading;
using QTrade.Trading.Registry;

namespace QTrade.Node.Actors;

/// <summary>All pools of the node: makes an actor for each that is configured and hands every observation to its pool.</summary>
/// <param name="create">Makes a pool's actor from its id and its configuration.</param>
/// <param name="metrics">Counts observations of pools that nobody configured.</param>
public sealed class PoolsActor(Func<PoolId, PoolConfigurationState, PoolActor> create, NodeMetrics metrics) : Actor<IPoolMessage>
{
    private readonly Dictionary<PoolId, Entry> _pools = [];

    public override void Handle(IPoolMessage message, Effects effects)
    {
        if (!_pools.TryGetValue(message.PoolId, out var entry))
        {
            if (message is not ApplyConfiguration)
            {
                metrics.UpdateRefused(message.PoolId, new Rejection(ReasonCode.UnknownPool), effects.Now);
                return;
            }

            entry = Spawn(message.PoolId, effects);
        }

        if (message is ApplyConfiguration applied)
            entry.Configuration = applied.Configuration;
        effects.Send(entry.Pool, message);
    }

    private Entry Spawn(PoolId id, Effects effects)
    {
        var entry = new Entry();
        entry.Pool = effects.Spawn(
            new Props<IPoolMessage>(() => create(id, entry.Configuration))
            {
                Mailbox = MailboxOptions.Conflating(PoolConflation.Instance),
            },
            ActorNames.Of(id.Value));
        _pools.Add(id, entry);
        return entry;
    }

    // The configuration is read when the pool's actor is made anew, on that actor's turn.
    private sealed class Entry
    {
        private PoolConfigurationState _configuration = PoolConfigurationState.Unknown;

        public ActorRef<IPoolMessage> Pool { get; set; } = null!;

        public PoolConfigurationState Configuration
        {
            get => Volatile.Read(ref _configuration);
            set => Volatile.Write(ref _configuration, value);
        }
    }
}
