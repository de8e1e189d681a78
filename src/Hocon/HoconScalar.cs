namespace QTrade.Hocon;

/// <summary>A text, number, boolean or null, kept as it was written.</summary>
public sealed class HoconScalar : HoconValue
{
    internal HoconScalar(string text, HoconScalarKind kind, HoconOrigin origin)
        : base(origin)
    {
        Text = text;
        Kind = kind;
    }

    /// <summary>The characters of the value, without quotes and escapes.</summary>
    public string Text { get; }

    public HoconScalarKind Kind { get; }

    public override string ToString() => Text;
}
