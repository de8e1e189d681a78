namespace QTrade.Node.Journal;

/// <summary>Storage class of a value.</summary>
internal enum SqliteColumnKind
{
    Null,
    Integer,
    Real,
    Text,
    Blob,
}
