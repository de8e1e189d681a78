namespace QTrade.Hocon;

/// <summary>Where a value was written.</summary>
/// <param name="File">Path of the file, or the name given to a text without one.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column in UTF-16 units, from 1.</param>
public readonly record struct HoconOrigin(string File, int Line, int Column)
{
    public override string ToString() => $"{File}:{Line}:{Column}";
}
