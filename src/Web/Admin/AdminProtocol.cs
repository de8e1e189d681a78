namespace QTrade.Web.Admin;

/// <summary>
/// The protocol of the admin port, version 1: HTTP/1.1, a request as JSON by POST to <see cref="RequestPath"/>, one answer as JSON; by POST to
/// <see cref="StreamPath"/> one answer per line until the caller leaves. Shapes are only extended: fields that a reader does not know are passed over.
/// </summary>
public static class AdminProtocol
{
    /// <summary>One request, one answer.</summary>
    public const string RequestPath = "/admin/v1/request";

    /// <summary>One request, a stream of answers, one a line.</summary>
    public const string StreamPath = "/admin/v1/stream";

    /// <summary>Whether the process answers.</summary>
    public const string LivePath = "/health/live";

    /// <summary>Whether the node does its work.</summary>
    public const string ReadyPath = "/health/ready";

    /// <summary>The port that is tried first.</summary>
    public const int DefaultPort = 9110;

    /// <summary>Largest request in bytes: a market file of some thousand pools.</summary>
    public const int RequestBytesMax = 4 << 20;

    /// <summary>Largest answer, or item of a stream, in bytes that a caller takes.</summary>
    public const int AnswerBytesMax = 64 << 20;

    /// <summary>The environment variable that may hold the token.</summary>
    public const string TokenVariable = "QTRADE_ADMIN_TOKEN";

    internal const string JsonType = "application/json";
    internal const string LinesType = "application/x-ndjson";
}
