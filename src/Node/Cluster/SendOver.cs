using QTrade.Broker;
using QTrade.Messages;

namespace QTrade.Node.Cluster;

/// <summary>A message for another node.</summary>
/// <param name="Hop">The way.</param>
/// <param name="Message">What to say.</param>
public sealed record SendOver(Hop Hop, IMessage Message) : ISenderMessage
{
    /// <summary>Of messages that wait with the same key only the newest is sent; null: every one.</summary>
    public string? Key { get; init; }

    /// <summary>Whether it is tried until the broker has it; else any later message heals its loss.</summary>
    public bool MustArrive { get; init; }

    /// <summary>Until when it is tried where the broker does not take it: what arrives later is wanted no more. Null: by <see cref="MustArrive"/>.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The sender's count of what it was given, from when it was given this first: of messages of one key the one with the higher number is the newer.</summary>
    internal long Given { get; init; }

    /// <summary>Whether the broker may have it, although it was tried again: an earlier try ended without a word.</summary>
    public bool MayHaveArrived { get; init; }

    /// <summary>Is told what became of it; null for nobody. Called on no actor's turn: hands on, and never throws.</summary>
    public Action<PublishEnding>? Ended { get; init; }
}
