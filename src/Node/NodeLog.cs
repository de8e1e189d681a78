using Microsoft.Extensions.Logging;

namespace QTrade.Node;

/// <summary>What a node says while it runs; nothing per update.</summary>
internal static partial class NodeLog
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Warning, Message = "{Line}")]
    public static partial void Fault(this ILogger logger, string line);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Warning, Message = "{Line}")]
    public static partial void JournalHealthChanged(this ILogger logger, string line);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Warning, Message = "{Line}")]
    public static partial void LighthouseReached(this ILogger logger, string line);
}
