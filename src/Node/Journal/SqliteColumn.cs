namespace QTrade.Node.Journal;

/// <summary>A value of a raw record: an integer, or where its bytes lie in the record.</summary>
internal readonly record struct SqliteColumn(SqliteColumnKind Kind, long Integer, int Offset, int Length);
