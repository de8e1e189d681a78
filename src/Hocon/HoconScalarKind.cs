namespace QTrade.Hocon;

/// <summary>What a scalar is by how it was written.</summary>
public enum HoconScalarKind
{
    /// <summary>Quoted, concatenated, or unquoted and none of the others.</summary>
    Text,

    /// <summary>Unquoted, and a number as JSON writes it.</summary>
    Number,

    /// <summary>Unquoted <c>true</c> or <c>false</c>. <c>yes</c>, <c>no</c>, <c>on</c> and <c>off</c> are texts that <see cref="HoconBoolean"/> reads.</summary>
    Boolean,

    /// <summary>Unquoted <c>null</c>.</summary>
    Null,
}
