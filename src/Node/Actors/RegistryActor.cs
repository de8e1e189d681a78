using QTrade.Actors;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Registry;
using QTrade.Node.Feeds;
using QTrade.Node.Simulation;

namespace QTrade.Node.Actors;

/// <summary>Tokens and pool configurations, each an entity of its own: makes their actors and hands them what is to change.</summary>
/// <param name="createToken">Makes a token's actor.</param>
/// <param name="createPool">Makes the actor of a pool's configuration.</param>
/// <param name="node">Is told once a whole market is registered.</param>
public sealed class RegistryActor(
    Func<TokenId, ActorRef<IRegistryMessage>, TokenActor> createToken,
    Func<PoolId, ActorRef<IRegistryMessage>, PoolConfigurationActor> createPool,
    ActorRef<INodeMessage> node) : Actor<IRegistryMessage>
{
    private readonly Dictionary<TokenId, ActorRef<ITokenMessage>> _tokens = [];
    private readonly Dictionary<PoolId, ActorRef<IPoolConfigurationMessage>> _pools = [];
    private readonly HashSet<string> _awaited = [];
    private readonly Dictionary<string, (IPoolConfigurationMessage Command, ActorRef<IFeedMessage> Feed)> _told = [];

    /// <summary>How long a registration waits that the journal refused.</summary>
    public static TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(1);

    public override void Handle(IRegistryMessage message, Effects effects)
    {
        switch (message)
        {
            case RegisterMarket register:
                Register(register, effects);
                break;
            case ChangeToken change:
                Send(change.Command, effects);
                break;
            case ChangePool change:
                if (change.Feed is { } feed)
                    _told[PersistenceIds.Configuration(change.Command.PoolId)] = (change.Command, feed);
                Send(change.Command, effects);
                break;
            case RegistrationEnded ended:
                if (_told.Remove(ended.PersistenceId, out var asked))
                    effects.Send<IFeedMessage>(asked.Feed, new PoolRegistered(asked.Command.PoolId, ended.Rejection) { Command = asked.Command });
                if (_awaited.Remove(ended.PersistenceId) && _awaited.Count == 0)
                    effects.Send<INodeMessage>(node, new MarketRegistered());
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a message of the registry");
        }
    }

    private void Register(RegisterMarket register, Effects effects)
    {
        var pools = register.Market.Pools.Select(pool => pool.Id).ToHashSet();
        foreach (var token in register.Market.Tokens)
        {
            _awaited.Add(PersistenceIds.Token(token.Id));
            Send(new RegisterToken(token), effects);
        }

        foreach (var pool in register.Market.Pools)
        {
            _awaited.Add(PersistenceIds.Configuration(pool.Id));
            Send(new ConfigurePool(pool), effects);
        }

        foreach (var id in register.KnownPools)
        {
            if (pools.Contains(id))
                continue;
            _awaited.Add(PersistenceIds.Configuration(id));
            Send(new RetirePool(id), effects);
        }

        if (_awaited.Count == 0)
            effects.Send<INodeMessage>(node, new MarketRegistered());
    }

    private void Send(RegisterToken command, Effects effects)
    {
        if (!_tokens.TryGetValue(command.TokenId, out var token))
        {
            var id = command.TokenId;
            token = effects.Spawn(new Props<ITokenMessage>(() => createToken(id, Self)), "token-" + ActorNames.Of(id.Value));
            _tokens.Add(id, token);
        }

        effects.Send<ITokenMessage>(token, command);
    }

    private void Send(IPoolConfigurationMessage command, Effects effects)
    {
        if (!_pools.TryGetValue(command.PoolId, out var pool))
        {
            var id = command.PoolId;
            pool = effects.Spawn(new Props<IPoolConfigurationMessage>(() => createPool(id, Self)), "pool-" + ActorNames.Of(id.Value));
            _pools.Add(id, pool);
        }

        effects.Send(pool, command);
    }
}
