using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using QTrade.Messages.Cluster;
using QTrade.Messages.Wire;

namespace QTrade.Web.Admin;

/// <summary>A node's announcement as a request to a Lighthouse: its wire form in base 64.</summary>
public static class AnnouncementRequest
{
    /// <summary>The command.</summary>
    public const string Command = "cluster announce";

    private const string Version = "version";
    private const string Bytes = "bytes";
    private const int TextLengthMax = 4_096;

    private static readonly string Manifest = MessageCodec.Manifests.Single(form => form.MessageType == typeof(NodeAnnouncement)).Manifest;

    public static AdminRequest Of(NodeAnnouncement announced)
    {
        EncodedMessage encoded = MessageCodec.Encode(announced);
        var arguments = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        arguments[Version] = encoded.Version.ToString(CultureInfo.InvariantCulture);
        arguments[Bytes] = Convert.ToBase64String(encoded.Bytes.Span);
        return new AdminRequest(announced.Number.ToString(CultureInfo.InvariantCulture), null, Command, arguments.ToImmutable(), announced.Node);
    }

    /// <summary>The announcement, or one line that says why the request holds none.</summary>
    public static bool TryRead(AdminRequest request, [NotNullWhen(true)] out NodeAnnouncement? announced, [NotNullWhen(false)] out string? error)
    {
        announced = null;
        error = "an announcement needs version and bytes";
        if (request[Bytes] is not { Length: <= TextLengthMax } text || !int.TryParse(request[Version], NumberStyles.None, CultureInfo.InvariantCulture, out int version))
            return false;
        var bytes = new byte[TextLengthMax];
        if (!Convert.TryFromBase64String(text, bytes, out int length))
            return false;
        if (!MessageCodec.TryDecode(Manifest, version, bytes.AsSpan(0, length), out Messages.IMessage? message, out error))
            return false;
        announced = (NodeAnnouncement)message;
        return true;
    }
}
