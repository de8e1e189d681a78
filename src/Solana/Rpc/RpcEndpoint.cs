using System.Diagnostics.CodeAnalysis;

namespace QTrade.Solana.Rpc;

/// <summary>
/// Where a node is reached. The address may hold a secret in its path, query or user info, so it is written nowhere whole:
/// <see cref="ToString"/> gives scheme, host and port, and what the node itself repeats of it is left out of what it says.
/// </summary>
public sealed class RpcEndpoint
{
    private const int SecretLengthMin = 16;

    private readonly HiddenParts _hidden;

    private RpcEndpoint(Uri http, Uri socket)
    {
        Http = http;
        Socket = socket;
        _hidden = new HiddenParts(new[] { http, socket }.SelectMany(Parts));
    }

    /// <summary>For requests.</summary>
    public Uri Http { get; }

    /// <summary>For subscriptions.</summary>
    public Uri Socket { get; }

    /// <summary>Reads an endpoint.</summary>
    /// <param name="http">An http or https address.</param>
    /// <param name="socket">A ws or wss address; null or empty for the same host, path and query, on the next port where one is written out.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="error">What is wrong, without repeating the address.</param>
    public static bool TryCreate(string http, string? socket, [NotNullWhen(true)] out RpcEndpoint? endpoint, [NotNullWhen(false)] out string? error)
    {
        endpoint = null;
        if (!Uri.TryCreate(http, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            error = "is not an address of the form https://host[:port]/path";
            return false;
        }

        Uri? socketUri;
        if (string.IsNullOrEmpty(socket))
        {
            socketUri = SocketOf(uri);
        }
        else if (!Uri.TryCreate(socket, UriKind.Absolute, out socketUri) || socketUri.Scheme is not ("ws" or "wss"))
        {
            error = "is not an address of the form wss://host[:port]/path";
            return false;
        }

        error = null;
        endpoint = new RpcEndpoint(uri, socketUri);
        return true;
    }

    /// <summary>Whether the address holds what may be a secret: user info, a query, or a path longer than a version.</summary>
    public static bool MayHoldSecret(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
            return address.Contains('@', StringComparison.Ordinal) || address.Contains('?', StringComparison.Ordinal);
        return uri.UserInfo.Length > 0 || uri.Query.Length > 1 || uri.Segments.Any(segment => segment.Trim('/').Length >= SecretLengthMin);
    }

    /// <summary>Scheme, host and port of the address for subscriptions.</summary>
    public string SocketText => TextOf(Socket);

    /// <inheritdoc/>
    public override string ToString() => TextOf(Http);

    /// <summary>What the node says, as it may be shown: one line of bounded length, without what the address may keep secret.</summary>
    internal string? OneLine(string? told) => told is null ? null : ForeignText.OneLine(_hidden.TakenOutOf(told));

    /// <summary>What we say, and behind it what the node says, as it may be shown, where it says anything.</summary>
    internal string Line(string? ours, string? told) => OneLine(told) is { } line ? $"{ours}: {line}" : ours ?? string.Empty;

    private static string TextOf(Uri address) => $"{address.Scheme}://{address.Host}:{address.Port}";

    // Whatever stands in path, query and user info, but for the names of the query's fields; as it is written and as it is meant, by an address or by a form.
    private static IEnumerable<string> Parts(Uri address) =>
        address.UserInfo.Split(':')
            .Concat(address.AbsolutePath.Split('/'))
            .Concat(address.Query.TrimStart('?').Split('&').Select(field => field[(field.IndexOf('=', StringComparison.Ordinal) + 1)..]))
            .SelectMany(part => new[] { part, Uri.UnescapeDataString(part) }.Concat(Forms(Uri.UnescapeDataString(part.Replace('+', ' ')))));

    private static string[] Forms(string meant)
    {
        var escaped = Uri.EscapeDataString(meant);
        return [meant, escaped, escaped.Replace("%20", "+", StringComparison.Ordinal)];
    }

    // A validator serves subscriptions one port above its requests; a provider serves both on one address.
    private static Uri SocketOf(Uri http) => new UriBuilder(http)
    {
        Scheme = http.Scheme == "https" ? "wss" : "ws",
        Port = http.IsDefaultPort ? -1 : http.Port + 1,
    }.Uri;
}
