namespace QTrade.Node.Configuration;

/// <summary>What a journal is kept in.</summary>
public enum JournalKind
{
    /// <summary>A file that one node owns.</summary>
    Sqlite,

    /// <summary>A database that nodes share.</summary>
    Postgres,
}
