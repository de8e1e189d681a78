using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace QTrade.Messages.Wire;

/// <summary>
/// Messages to bytes and back. Shapes are only ever extended: a new field takes a new number, a field that a reader must not pass over a new
/// version as well, a new shape a new manifest. Fields that
/// this program does not know are passed over; bytes that are no message are an error, never an exception.
/// </summary>
public static class MessageCodec
{
    private static readonly FrozenDictionary<Type, WireForm> ByType = WireForms.All.ToFrozenDictionary(form => form.MessageType);

    private static readonly FrozenDictionary<string, WireForm> ByManifest =
        WireForms.All.ToFrozenDictionary(form => form.Manifest, StringComparer.Ordinal);

    // One buffer per thread, kept: encoding allocates the message's bytes and nothing else.
    [ThreadStatic]
    private static ProtoWriter? scratch;

    /// <summary>Every manifest with its newest version.</summary>
    public static IEnumerable<(string Manifest, int Version, Type MessageType)> Manifests =>
        WireForms.All.Select(form => (form.Manifest, form.Version, form.MessageType));

    /// <summary>The message in its wire form.</summary>
    /// <exception cref="ArgumentException">A type of message that has no wire form.</exception>
    public static EncodedMessage Encode(IMessage message)
    {
        if (!ByType.TryGetValue(message.GetType(), out var form))
            throw new ArgumentException($"{message.GetType().Name} has no wire form", nameof(message));
        var writer = scratch ??= new ProtoWriter();
        writer.Clear();
        form.Write(message, writer);
        return new EncodedMessage(form.Manifest, form.VersionOf(message), writer.ToArray());
    }

    /// <summary>The message that the bytes hold.</summary>
    /// <param name="manifest">Name of its shape.</param>
    /// <param name="version">Version of the shape.</param>
    /// <param name="bytes">Its bytes, from anywhere.</param>
    /// <param name="message">The message.</param>
    /// <param name="error">One line that says what is wrong.</param>
    public static bool TryDecode(
        string manifest,
        int version,
        ReadOnlySpan<byte> bytes,
        [NotNullWhen(true)] out IMessage? message,
        [NotNullWhen(false)] out string? error)
    {
        message = null;
        if (!ByManifest.TryGetValue(manifest, out var form))
            error = $"manifest '{manifest}' is not known to this version of the program";
        else if (version < 1 || version > form.Version)
            error = $"manifest '{manifest}' has version {version}, and this version of the program reads 1 to {form.Version}";
        else if ((message = form.Read(bytes)) is null)
            error = $"the {bytes.Length} bytes are not a '{manifest}' of version {version}";
        else
            error = null;
        return error is null;
    }
}
