namespace QTrade.Node.Journal;

/// <summary>What a journal is kept in refused a statement or could not be reached.</summary>
public abstract class JournalStoreException : Exception
{
    /// <param name="message">One line that says what is wrong.</param>
    /// <param name="inner">What led to it.</param>
    protected JournalStoreException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>There is no room for what was to be written; it may work once there is.</summary>
    public abstract bool IsFull { get; }

    /// <summary>What was written before does not read back as it was written.</summary>
    public abstract bool IsCorrupt { get; }

    /// <summary>The answer to a commit was lost: whether it took effect is not known yet.</summary>
    public virtual bool IsInDoubt => false;
}
