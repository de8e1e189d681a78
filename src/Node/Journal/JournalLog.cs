using Microsoft.Extensions.Logging;

namespace QTrade.Node.Journal;

/// <summary>What the journal tells a person, one line each, when a state changes and not once per append.</summary>
internal static partial class JournalLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "the disk under {path} is full ({reason}): nothing is written until there is room")]
    public static partial void DiskFull(this ILogger logger, string path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "the journal {path} cannot be written ({reason}): every further append tries again")]
    public static partial void CannotWrite(this ILogger logger, string path, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "the journal {path} is written again")]
    public static partial void WritesAgain(this ILogger logger, string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "the journal {path} lost {loss}; what lies around it is read as it is")]
    public static partial void Lost(this ILogger logger, string path, JournalLoss loss);

    [LoggerMessage(Level = LogLevel.Error, Message = "the journal {path} was damaged and is rebuilt from what could be read; the damaged file is {keptAs}")]
    public static partial void Rebuilt(this ILogger logger, string path, string keptAs);

    [LoggerMessage(Level = LogLevel.Error, Message = "the snapshot of {entity} in {path} is damaged: it recovers from its events")]
    public static partial void SnapshotLost(this ILogger logger, string entity, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "copying the write-ahead log of {path} failed ({reason}): it is tried again")]
    public static partial void CheckpointFailed(this ILogger logger, string path, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "retention of {path} stopped early ({reason}): it is tried again")]
    public static partial void RetentionFailed(this ILogger logger, string path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "the completion of an append of {entity} threw")]
    public static partial void CompletionThrew(this ILogger logger, string entity, Exception exception);
}
