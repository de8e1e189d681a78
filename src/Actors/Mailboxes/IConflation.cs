namespace QTrade.Actors.Mailboxes;

/// <summary>Which waiting messages may become one, and how. Pure, quick and never throws: it runs on the sender's thread.</summary>
public interface IConflation<TMessage, TKey>
    where TMessage : class
    where TKey : notnull
{
    /// <summary>
    /// The key under which only the latest message need wait. False for a message that must be handled itself: it also keeps its
    /// place, so that no later message is merged into one that waits before it.
    /// </summary>
    bool TryGetKey(TMessage message, out TKey key);

    /// <summary>What is to be handled in place of both, for instance the one with the newer position. <paramref name="arrived"/> came later.</summary>
    TMessage Merge(TMessage waiting, TMessage arrived);
}
