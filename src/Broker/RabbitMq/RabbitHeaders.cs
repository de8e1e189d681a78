using System.Text;
using QTrade.Actors;
using QTrade.Messages.Wire;
using RabbitMQ.Client;

namespace QTrade.Broker.RabbitMq;

/// <summary>What travels beside a message's bytes: its manifest as the type, version, sender and trace as headers.</summary>
internal static class RabbitHeaders
{
    /// <summary>Longest sender's name that is read; what is longer is cut.</summary>
    private const int SenderLengthMax = 200;

    /// <summary>Longest reason that goes with a dead letter.</summary>
    private const int ReasonLengthMax = 500;

    private const int TypeShownMax = 80;

    private const string Version = "version";
    private const string Sender = "sender";
    private const string TraceParent = "traceparent";
    private const string Reason = "reason";
    private const string Renewal = "renewed";

    // What the broker counts of a message of a quorum queue: from 4.3 on the first only what a consumer failed on, the second every delivery.
    private const string DeliveryCount = "x-delivery-count";
    private const string AcquiredCount = "x-acquired-count";

    public static BasicProperties Of(EncodedMessage message, string node, TraceContext? trace, bool durable)
    {
        var headers = new Dictionary<string, object?> { [Version] = message.Version, [Sender] = node };
        if (trace is not null)
            headers.Add(TraceParent, trace.ToString());
        return new BasicProperties
        {
            Type = message.Manifest,
            ContentType = "application/x-protobuf",
            DeliveryMode = durable ? DeliveryModes.Persistent : DeliveryModes.Transient,
            Headers = headers,
        };
    }

    /// <summary>The properties of a dead letter: those it had, and why it is one.</summary>
    public static BasicProperties Dead(IReadOnlyBasicProperties properties, string reason)
    {
        var dead = new BasicProperties(properties) { DeliveryMode = DeliveryModes.Persistent, Expiration = null };
        dead.Headers = new Dictionary<string, object?>
        {
            [Version] = ValueOf(properties, Version) as int?,
            [Sender] = SenderOf(properties),
            [Reason] = reason.Length > ReasonLengthMax ? reason[..ReasonLengthMax] : reason,
        };
        return dead;
    }

    /// <summary>The properties of the same message put on its queue once more, whose deliveries the broker counts from none.</summary>
    public static BasicProperties Renewed(IReadOnlyBasicProperties properties)
    {
        var renewed = new BasicProperties(properties) { DeliveryMode = DeliveryModes.Persistent };
        renewed.Headers = new Dictionary<string, object?>(properties.Headers ?? new Dictionary<string, object?>()) { [Renewal] = true };
        renewed.Headers.Remove(DeliveryCount);
        renewed.Headers.Remove(AcquiredCount);
        return renewed;
    }

    /// <summary>Whether it is such a one, and so was delivered before whatever the broker says.</summary>
    public static bool IsRenewed(IReadOnlyBasicProperties properties) => ValueOf(properties, Renewal) is true;

    /// <summary>How often a message was delivered before without an acknowledgement, as far as the broker counts it.</summary>
    public static long DeliveriesOf(IReadOnlyBasicProperties properties) =>
        Math.Max(NumberOf(properties, DeliveryCount), NumberOf(properties, AcquiredCount));

    /// <summary>Reads manifest and version. Anything may have published what arrives.</summary>
    public static bool TryRead(IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, out EncodedMessage message, out string error)
    {
        message = default;
        if (string.IsNullOrEmpty(properties.Type))
            error = "a message without a type, which is to name its manifest";
        else if (ValueOf(properties, Version) is not int version)
            error = $"a message '{Shown(properties.Type)}' without a version";
        else
        {
            message = new EncodedMessage(properties.Type, version, body);
            error = "";
            return true;
        }

        return false;
    }

    public static string SenderOf(IReadOnlyBasicProperties properties) => TextOf(properties, Sender) ?? "unknown";

    public static TraceContext? TraceOf(IReadOnlyBasicProperties properties) =>
        TextOf(properties, TraceParent) is { } text && TraceContext.TryParse(text, out var trace) ? trace : null;

    private static string? TextOf(IReadOnlyBasicProperties properties, string header) =>
        ValueOf(properties, header) is byte[] bytes ? Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, SenderLengthMax))) : null;

    private static long NumberOf(IReadOnlyBasicProperties properties, string header) => ValueOf(properties, header) switch
    {
        long number => number,
        int number => number,
        ulong number => (long)Math.Min(number, long.MaxValue),
        uint number => number,
        _ => 0,
    };

    private static object? ValueOf(IReadOnlyBasicProperties properties, string header) =>
        properties.Headers is { } headers && headers.TryGetValue(header, out var value) ? value : null;

    private static string Shown(string type) => type.Length > TypeShownMax ? type[..TypeShownMax] : type;
}
