using QTrade.Actors.Journal;
using QTrade.Messages;
using QTrade.Messages.Wire;

namespace QTrade.Node.Tests.EndToEnd;

/// <summary>What is durable, as messages.</summary>
internal static class JournalMessages
{
    /// <summary>Every event of a journal, in the order of its commits. Throws at one that cannot be read.</summary>
    public static IEnumerable<IMessage> Of(IJournal journal) => Of(journal.ReadAll(0));

    /// <summary>The events as messages. Throws at one that cannot be read.</summary>
    public static IEnumerable<IMessage> Of(IEnumerable<StoredEvent> events) => events.Select(stored =>
        MessageCodec.TryDecode(stored.Data.Manifest, stored.Data.Version, stored.Data.Payload.Span, out IMessage? message, out string? error)
            ? message
            : throw new InvalidOperationException(error));
}
