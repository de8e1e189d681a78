using QTrade.Actors;
using QTrade.Broker;
using QTrade.Node.Actors;

namespace QTrade.Node.Cluster;

/// <summary>
/// Publishes what this node's actors say to others, in order, at most so many unconfirmed; what waits conflates by key. What must arrive is
/// tried until it does.
/// </summary>
/// <param name="transport">Carries it.</param>
/// <param name="metrics">Counts what is given up.</param>
public sealed class HopSender(ITransport transport, NodeMetrics metrics) : Actor<ISenderMessage>
{
    /// <summary>Messages unconfirmed at most.</summary>
    public const int UnconfirmedMax = 64;

    /// <summary>Messages that wait at most; of more the newest is given up where a later one heals it.</summary>
    public const int WaitingMax = 10_000;

    private static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(200);

    private readonly LinkedList<SendOver> _waiting = [];
    private readonly Dictionary<string, LinkedListNode<SendOver>> _byKey = [];
    private int _unconfirmed;
    private long _again;
    private long _given;

    public override void Handle(ISenderMessage message, Effects effects)
    {
        switch (message)
        {
            case NothingToSend:
                break;
            case SendOver send:
                Add(send with { Given = ++_given });
                break;
            case SendAgain { Message: { Key: { } key } older } when _byKey.TryGetValue(key, out var waits) && waits.Value.Given > older.Given:
                // What came since replaces it, and not what was tried again before it.
                break;
            case SendAgain again:
                Add(again.Message);
                break;
            case SentOver sent:
                _unconfirmed--;
                End(sent, effects);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a message of a sender");
        }

        while (_unconfirmed < UnconfirmedMax && _waiting.First is { } first)
        {
            _waiting.RemoveFirst();
            if (first.Value.Key is { } key)
                _byKey.Remove(key);
            // Read once: what is not given up now has time left.
            var now = effects.Now;
            if (first.Value.Until <= now)
                GiveUp(first.Value);
            else
                Publish(first.Value, now, effects);
        }
    }

    private void Add(SendOver send)
    {
        if (send.Key is { } key && _byKey.TryGetValue(key, out var waits))
        {
            waits.Value = send;
            return;
        }

        if (_waiting.Count >= WaitingMax && !send.MustArrive)
        {
            metrics.Fault("sender", send.Hop.Name, $"broker: more than {WaitingMax:N0} messages wait for it; some that later ones heal are given up");
            return;
        }

        var node = _waiting.AddLast(send);
        if (send.Key is not null)
            _byKey.Add(send.Key, node);
    }

    private void Publish(SendOver send, DateTimeOffset now, Effects effects)
    {
        _unconfirmed++;
        effects.RunAsync<PublishEnding, ISenderMessage>(
            cancellation => PublishAsync(send, now, cancellation),
            Self,
            ending => new SentOver(send, ending),
            _ => new SentOver(send, null));
    }

    private void End(SentOver sent, Effects effects)
    {
        if (sent.Ending is null && sent.Sent.Until is null)
            metrics.Fault("sender", sent.Sent.Hop.Name, $"broker: {sent.Sent.Message.GetType().Name} could not be published");
        if ((sent.Sent.MustArrive || sent.Sent.Until is not null) && sent.Ending is (null or PublishEnding.Full or PublishEnding.Unknown))
        {
            effects.Schedule<ISenderMessage>($"again-{++_again}", AgainAfter, Self, new SendAgain(sent.Sent with
            {
                MayHaveArrived = sent.Sent.MayHaveArrived || sent.Ending != PublishEnding.Full,
            }));
            return;
        }

        if (sent.Ending is { } ending)
            sent.Sent.Ended?.Invoke(ending);
    }

    private void GiveUp(SendOver send)
    {
        metrics.Fault("sender", send.Hop.Name, $"broker: {send.Message.GetType().Name} was not taken in time and is given up: order it again");
        send.Ended?.Invoke(send.MayHaveArrived ? PublishEnding.Unknown : PublishEnding.Full);
    }

    private async Task<PublishEnding> PublishAsync(SendOver send, DateTimeOffset now, CancellationToken cancellation)
    {
        if (send.Until is not { } until)
            return await transport.PublishAsync(send.Hop, send.Message, null, cancellation).ConfigureAwait(false);
        using var overdue = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        overdue.CancelAfter(until - now);
        return await transport.PublishAsync(send.Hop, send.Message, null, overdue.Token).ConfigureAwait(false);
    }
}
