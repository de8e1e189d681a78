namespace QTrade.Markets;

/// <summary>A token's name inside a market: not empty, unique there, compared by its characters.</summary>
public readonly record struct TokenId(string Value) : IComparable<TokenId>
{
    /// <inheritdoc/>
    public int CompareTo(TokenId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    public static bool operator <(TokenId left, TokenId right) => left.CompareTo(right) < 0;

    public static bool operator <=(TokenId left, TokenId right) => left.CompareTo(right) <= 0;

    public static bool operator >(TokenId left, TokenId right) => left.CompareTo(right) > 0;

    public static bool operator >=(TokenId left, TokenId right) => left.CompareTo(right) >= 0;
}
