using System.Collections.Immutable;
using QTrade.Actors;
using QTrade.Broker;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;

namespace QTrade.Node.Cluster;

/// <summary>
/// Publishes this node's durable changes of the market to the others: numbered batches, one under way at a time, in which newer changes of the
/// same pool replace older ones. Keeps the newest of everything, to tell it whole when somebody missed a batch: in as many batches as it takes, of which
/// the first says so and the others follow by their numbers. What may not be traded any more and how far the chain is come first; everything else
/// takes its turn, so that nothing is told again before what waited longer was told once.
/// </summary>
/// <param name="link">The cluster.</param>
public sealed class MarketPublisher(ClusterLink link) : Actor<IMarketMessage>
{
    /// <summary>Changes in one batch at most.</summary>
    public const int ChangesMax = 2_000;

    /// <summary>A batch ends with the change with which it has so many bytes: from RabbitMQ 4 on a broker closes the channel over a message of more than 16 MiB, each time that it is published. What is said of the trust in single pools is little, and goes whole with what is vouched for of all.</summary>
    public const int BytesMax = 4 << 20;

    private const string SlotKey = "slot";

    // Of one pool before the one of all: what may not be traded is said first.
    private const string TrustKey = "trust";
    private const string AllKey = TrustKey + "~";

    private readonly SortedDictionary<string, IMessage> _known = new(StringComparer.Ordinal);
    private readonly SortedSet<(long Turn, string Key)> _waiting = new(Comparer<(long Turn, string Key)>.Create((one, other) => one.Turn.CompareTo(other.Turn)));
    private readonly Dictionary<string, long> _turnOf = new(StringComparer.Ordinal);

    /// <summary>What the batch under way holds, each with the turn that it had.</summary>
    private readonly Dictionary<string, long> _told = new(StringComparer.Ordinal);
    private long _urgentTurns = long.MinValue;
    private long _turns;
    private long _number;
    private long _endedTerm;
    private bool _underWay;
    private bool _whole;

    public override void Handle(IMarketMessage message, Effects effects)
    {
        switch (message)
        {
            case MarketSaid { Change: TrustFrom { Term: > 0 } trust } when trust.Term <= _endedTerm:
                // A feed that ended was still saying something.
                break;
            case MarketSaid said when KeyOf(said.Change) is { } key:
                _known[key] = said.Change;
                Wait(key);
                break;
            case MarketSaid:
                break;
            case MarketForgotten forgotten:
                Forget(PersistenceIds.Pool(forgotten.Pool));
                break;
            case TrustForgotten:
                TakeBack();
                foreach (var key in _known.Keys.Where(IsOfOnePool).ToList())
                    Forget(key);
                break;
            case MarketAsked:
                _whole = true;
                break;
            case MarketSent sent:
                _underWay = false;
                // What it held is told again with everything else, in its turn: its number is missing.
                _whole |= !sent.Confirmed;
                if (!sent.Confirmed)
                    TakeUpAgain();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a message of a market's publisher");
        }

        if (!_underWay && (_whole || _waiting.Count > 0))
            Publish(effects);
    }

    /// <summary>What this node's feed vouched for counts no longer: others hear of it from its node while they can, and need not wait for the next feed.</summary>
    private void TakeBack()
    {
        if (!_known.TryGetValue(AllKey, out var known) || known is not TrustFrom trust)
            return;
        _endedTerm = trust.Term;
        _known[AllKey] = new TrustFrom(null, ulong.MaxValue) { Term = trust.Term, Number = long.MaxValue };
        Wait(AllKey);
    }

    /// <summary>
    /// What is replaced while it waits keeps its turn, or what changes often would never be told. What is said of trust takes a new one, so that it follows what it
    /// vouches for.
    /// </summary>
    private void Wait(string key)
    {
        if (_turnOf.ContainsKey(key) && !IsTrust(key))
            return;
        Wait(key, IsUrgent(key) ? ++_urgentTurns : ++_turns);
    }

    private void Wait(string key, long turn)
    {
        Leave(key);
        _turnOf.Add(key, turn);
        _waiting.Add((turn, key));
    }

    private void Leave(string key)
    {
        if (_turnOf.Remove(key, out var turn))
            _waiting.Remove((turn, key));
    }

    private void Forget(string key)
    {
        _known.Remove(key);
        Leave(key);
    }

    /// <summary>Nobody may have heard it: it waits at its old place, but for what was said of trust since.</summary>
    private void TakeUpAgain()
    {
        foreach (var (key, turn) in _told)
        {
            if (_known.ContainsKey(key) && !(IsTrust(key) && _turnOf.ContainsKey(key)))
                Wait(key, turn);
        }
    }

    private static bool IsTrust(string key) => key.StartsWith(TrustKey, StringComparison.Ordinal);

    private static bool IsOfOnePool(string key) => IsTrust(key) && key != AllKey;

    private bool IsUrgent(string key) => key == SlotKey || _known[key] is TrustFrom { Slot: ulong.MaxValue };

    private static string? KeyOf(IMessage change) => change switch
    {
        ReservesChanged changed => PersistenceIds.Pool(changed.PoolId),
        PoolConfigured configured => PersistenceIds.Configuration(configured.Pool.Id),
        PoolRetired retired => PersistenceIds.Configuration(retired.PoolId),
        TokenRegistered registered => PersistenceIds.Token(registered.Token.Id),
        SlotObserved => SlotKey,
        TrustFrom { Pool: { } pool } => $"{TrustKey}/{pool.Value}",
        TrustFrom => AllKey,
        _ => null,
    };

    private void Publish(Effects effects)
    {
        if (_whole)
        {
            foreach (var key in _known.Keys.Where(key => !_turnOf.ContainsKey(key)))
                Wait(key);
        }

        var batch = new MarketBatch(link.Node, link.Incarnation, ++_number, _whole, Gather());
        (_whole, _underWay) = (false, true);
        effects.RunAsync<PublishEnding, IMarketMessage>(
            cancellation => link.Transport.PublishAsync(Hop.Market, batch, null, cancellation),
            Self,
            ending => new MarketSent(ending == PublishEnding.Confirmed),
            _ => new MarketSent(false));
    }

    /// <summary>What waits, by its turns, as much as one batch holds.</summary>
    private ImmutableArray<EncodedMessage> Gather()
    {
        _told.Clear();
        var (changes, bytes) = (ImmutableArray.CreateBuilder<EncodedMessage>(), 0);
        while (changes.Count < ChangesMax && bytes < BytesMax && _waiting.Count > 0)
        {
            var (turn, key) = _waiting.Min;
            // Whoever hears it for the first time is to know what it does not hold for.
            if (key == AllKey && !IsUrgent(key))
            {
                foreach (var pool in _known.Keys.Where(pool => IsOfOnePool(pool) && !_told.ContainsKey(pool)))
                    Add(pool, _turnOf.TryGetValue(pool, out var own) ? own : ++_turns);
            }

            Add(key, turn);
        }

        return changes.DrainToImmutable();

        void Add(string key, long turn)
        {
            Leave(key);
            _told.Add(key, turn);
            changes.Add(MessageCodec.Encode(_known[key]));
            bytes += changes[^1].Bytes.Length;
        }
    }
}
