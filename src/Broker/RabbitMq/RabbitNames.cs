using System.Collections.Frozen;
using RabbitMQ.Client;

namespace QTrade.Broker.RabbitMq;

/// <summary>What hops are called at the broker, and what they are there.</summary>
internal sealed class RabbitNames
{
    // The names last as long as the topology: a change of what a queue is needs a new name, since a broker refuses to redeclare it otherwise.
    private readonly FrozenDictionary<Hop, Names> _known;
    private readonly string _cluster;

    public RabbitNames(string cluster)
    {
        if (!Hop.IsName(cluster, RabbitTransportOptions.NameLengthMax))
            throw new ArgumentException($"'{cluster}' is no name of a cluster: letters, digits, '.', '-' and '_', at most {RabbitTransportOptions.NameLengthMax}", nameof(cluster));
        _cluster = cluster;
        _known = Hop.All.ToFrozenDictionary(hop => hop, Of);
    }

    /// <summary>Where a hop is published to.</summary>
    public (string Exchange, string RoutingKey) Address(Hop hop)
    {
        var names = _known.TryGetValue(hop, out var known) ? known : Of(hop);
        return (names.Exchange, names.RoutingKey);
    }

    /// <summary>Declares what a hop is published to. Declaring it again changes nothing.</summary>
    public Task DeclareAsync(IChannel channel, Hop hop, CancellationToken cancellationToken) => hop.IsFanOut
        ? channel.ExchangeDeclareAsync(Name(hop), ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellationToken)
        : DeclareAsync(channel, Name(hop), hop, [], cancellationToken);

    /// <summary>Declares the queue of one subscriber.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> DeclareAsync(
        IChannel channel, Hop hop, string node, TimeSpan awayMax, CancellationToken cancellationToken)
    {
        switch (hop.Kind)
        {
            case HopKind.SingleConsumer or HopKind.Quorum:
                return Name(hop);
            case HopKind.Worker:
                await channel.QueueDeclareAsync(
                    Name(hop), durable: false, exclusive: true, autoDelete: true, Bound(hop), cancellationToken: cancellationToken).ConfigureAwait(false);
                return Name(hop);
            case HopKind.FanOut:
                var mine = await channel.QueueDeclareAsync(
                    "", durable: false, exclusive: true, autoDelete: true, Bound(hop), cancellationToken: cancellationToken).ConfigureAwait(false);
                await channel.QueueBindAsync(mine.QueueName, Name(hop), "", cancellationToken: cancellationToken).ConfigureAwait(false);
                return mine.QueueName;
            case HopKind.DurableFanOut:
                var kept = $"{Name(hop)}.{node}";
                await DeclareAsync(channel, kept, hop, new() { ["x-expires"] = (long)awayMax.TotalMilliseconds }, cancellationToken).ConfigureAwait(false);
                await channel.QueueBindAsync(kept, Name(hop), "", cancellationToken: cancellationToken).ConfigureAwait(false);
                return kept;
            default:
                throw new ArgumentOutOfRangeException(nameof(hop), hop.Kind, "not a kind of hop");
        }
    }

    private static Dictionary<string, object?> Bound(Hop hop) => new()
    {
        ["x-max-length"] = (long)hop.LengthMax,
        ["x-overflow"] = hop.IsFanOut || hop == Hop.Dead ? "drop-head" : "reject-publish",
    };

    private static async Task DeclareAsync(
        IChannel channel, string name, Hop hop, Dictionary<string, object?> more, CancellationToken cancellationToken)
    {
        foreach (var (argument, value) in Bound(hop))
            more.Add(argument, value);
        if (!hop.IsFanOut)
            more.Add("x-single-active-consumer", true);
        if (hop.Kind == HopKind.Quorum)
            more.Add("x-queue-type", "quorum");
        await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, more, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private string Name(Hop hop) => $"{_cluster}.{hop.Name}";

    private Names Of(Hop hop) => hop.IsFanOut ? new Names(Name(hop), "") : new Names("", Name(hop));

    private sealed record Names(string Exchange, string RoutingKey);
}
