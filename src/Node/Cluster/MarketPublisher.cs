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
/// the first says so and the others follow by their numbers.
/// </summary>
/// <param name="link">The cluster.</param>
public sealed class MarketPublisher(ClusterLink link) : Actor<IMarketMessage>
{
    /// <summary>Changes in one batch at most.</summary>
    public const int ChangesMax = 2_000;

    /// <summary>A batch ends with the change with which it has so many bytes: from RabbitMQ 4 on a broker closes the channel over a message of more than 16 MiB, each time that it is published.</summary>
    public const int BytesMax = 4 << 20;

    private const string SlotKey = "slot";

    // Of one pool before the one of all: what may not be traded is said first.
    private const string TrustKey = "trust";
    private const string AllKey = TrustKey + "~";

    private readonly SortedDictionary<string, IMessage> _known = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _changed = new(StringComparer.Ordinal);
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
                _changed.Add(key);
                break;
            case MarketSaid:
                break;
            case MarketForgotten forgotten:
                _known.Remove(PersistenceIds.Pool(forgotten.Pool));
                _changed.Remove(PersistenceIds.Pool(forgotten.Pool));
                break;
            case TrustForgotten:
                TakeBack();
                foreach (var key in _known.Keys.Where(key => key.StartsWith(TrustKey, StringComparison.Ordinal) && key != AllKey).ToList())
                {
                    _known.Remove(key);
                    _changed.Remove(key);
                }

                break;
            case MarketAsked:
                _whole = true;
                break;
            case MarketSent sent:
                _underWay = false;
                // What it held is told again with everything else: its number is missing.
                _whole |= !sent.Confirmed;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a message of a market's publisher");
        }

        if (!_underWay && (_whole || _changed.Count > 0))
            Publish(effects);
    }

    /// <summary>What this node's feed vouched for counts no longer: others hear of it from its node while they can, and need not wait for the next feed.</summary>
    private void TakeBack()
    {
        if (!_known.TryGetValue(AllKey, out var known) || known is not TrustFrom trust)
            return;
        _endedTerm = trust.Term;
        _known[AllKey] = new TrustFrom(null, ulong.MaxValue) { Term = trust.Term, Number = long.MaxValue };
        _changed.Add(AllKey);
    }

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
            _changed.UnionWith(_known.Keys);
        var changes = ImmutableArray.CreateBuilder<EncodedMessage>();
        for (var bytes = 0; changes.Count < ChangesMax && bytes < BytesMax && _changed.Min is { } key; _changed.Remove(key))
        {
            changes.Add(MessageCodec.Encode(_known[key]));
            bytes += changes[^1].Bytes.Length;
        }

        var batch = new MarketBatch(link.Node, link.Incarnation, ++_number, _whole, changes.DrainToImmutable());
        (_whole, _underWay) = (false, true);
        effects.RunAsync<PublishEnding, IMarketMessage>(
            cancellation => link.Transport.PublishAsync(Hop.Market, batch, null, cancellation),
            Self,
            ending => new MarketSent(ending == PublishEnding.Confirmed),
            _ => new MarketSent(false));
    }
}
