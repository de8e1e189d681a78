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

    private static object? ValueOf(IReadOnlyBasicProperties properties, string header) =>
        properties.Headers is { } headers && headers.TryGetValue(header, out var value) ? value : null;

    private static string Shown(string type) => type.Length > TypeShownMax ? type[..TypeShownMax] : type;
}
