using QTrade.Actors;
using QTrade.Broker;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Wire;

namespace QTrade.Node.Cluster;

/// <summary>
/// Hears the batches of every node and hands their changes on to this node's actors. A number that is missing has that node tell everything;
/// whoever begins to listen has every node do so.
/// </summary>
/// <param name="sender">Publishes questions.</param>
public sealed class MarketListener(ActorRef<ISenderMessage> sender) : Actor<IMarketMessage>
{
    /// <summary>Nodes whose numbers are remembered.</summary>
    public const int NodesMax = 256;

    private readonly Dictionary<string, Heard> _heard = [];
    private readonly SortedDictionary<string, Action<IMessage, Effects>> _targets = new(StringComparer.Ordinal);

    public override void Handle(IMarketMessage message, Effects effects)
    {
        switch (message)
        {
            case MarketDelivered { Delivery: { Message: MarketBatch batch } delivery }:
                Take(batch, delivery, effects);
                break;
            case MarketDelivered delivered:
                delivered.Delivery.Refuse($"{delivered.Delivery.Message.GetType().Name} is no batch of the market");
                break;
            case MarketTarget { Tell: { } tell } target:
                _targets[target.Name] = tell;
                Ask("", effects);
                break;
            case MarketTarget target:
                _targets.Remove(target.Name);
                break;
            case MarketAsked:
                Ask("", effects);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a message of a market's listener");
        }
    }

    /// <summary>What cannot be read takes nothing else with it: a node of a newer version is heard as far as it is understood, and asked for no more, since that would be the same.</summary>
    private void Take(MarketBatch batch, Delivery delivery, Effects effects)
    {
        string? unread = null;
        foreach (var change in batch.Changes)
        {
            if (!MessageCodec.TryDecode(change.Manifest, change.Version, change.Bytes.Span, out var said, out var error))
            {
                unread ??= error;
                continue;
            }

            foreach (var tell in _targets.Values)
                tell(said, effects);
        }

        if (IsMissing(batch))
            Ask(batch.Node, effects);
        if (unread is null)
            delivery.Ack();
        else
            delivery.Refuse(unread);
    }

    private bool IsMissing(MarketBatch batch)
    {
        if (!_heard.TryGetValue(batch.Node, out var heard) && _heard.Count >= NodesMax)
            return false;
        // A node that was restarted with an earlier clock has a lower number, and is another one all the same.
        var before = heard?.Incarnation == batch.Incarnation ? heard.Number : 0;
        if (heard is not null && batch.Incarnation == heard.Incarnation && batch.Number <= before)
            return false;
        _heard[batch.Node] = new Heard(batch.Incarnation, batch.Number);
        return !batch.IsWhole && batch.Number != before + 1;
    }

    private void Ask(string node, Effects effects) =>
        effects.Send<ISenderMessage>(sender, new SendOver(Hop.Nodes, new GetMarketState(node)) { Key = $"ask {node}", MustArrive = true });

    private sealed record Heard(long Incarnation, long Number);
}
