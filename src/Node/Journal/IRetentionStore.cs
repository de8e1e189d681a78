namespace QTrade.Node.Journal;

/// <summary>What retention needs of what a journal is kept in.</summary>
internal interface IRetentionStore
{
    /// <summary>Bytes that events and snapshots take.</summary>
    Task<long> UsedBytesAsync();

    /// <summary>
    /// Hands the pass the next rows behind its cursor, in the global order: events at or behind their entity's snapshot and final events.
    /// </summary>
    /// <param name="pass">The pass.</param>
    /// <param name="most">Rows to hand over, fewer only at the journal's end.</param>
    /// <returns>The events among them that may go.</returns>
    List<RetentionPass.Candidate> Decide(RetentionPass pass, int most);

    /// <summary>Drops events in one transaction.</summary>
    /// <returns>How many went.</returns>
    Task<int> DropAsync(IReadOnlyList<RetentionPass.Candidate> batch);

    /// <summary>Gives back what room can be given back.</summary>
    Task ShrinkAsync(CancellationToken cancellation);
}
