using QTrade.Actors;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Trading.Routing;

namespace QTrade.Node.Cluster;

/// <summary>The market as all nodes tell it, kept by each: whoever asks any node of the cluster for a pool is answered, also while nobody routes.</summary>
/// <param name="units">What the market's amounts count.</param>
/// <param name="board">Shows how many pools there are.</param>
internal sealed class HeardMarketActor(AmountUnit units, StatusBoard board) : Actor<IRouterMessage>
{
    private readonly MarketView _view = new(units);

    public override void Handle(IRouterMessage message, Effects effects)
    {
        switch (message)
        {
            case IMarketChange change:
                board.PoolsHeard += _view.ApplyCounted(change);
                break;
            case SlotObserved observed:
                _view.ObserveSlot(observed.Slot);
                break;
            case TrustFrom:
                // A person is shown what is known of a pool, traded or not.
                break;
            case GetMarket get:
                effects.Send(get.ReplyTo, new MarketShown(_view.ShowPools(), _view.ShowTokens(), _view.NewestSlot));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a message of the market as it is heard");
        }
    }
}
