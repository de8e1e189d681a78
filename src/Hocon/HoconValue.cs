namespace QTrade.Hocon;

/// <summary>A value of a resolved document: <see cref="HoconScalar"/>, <see cref="HoconArray"/> or <see cref="HoconObject"/>.</summary>
public abstract class HoconValue
{
    private protected HoconValue(HoconOrigin origin) => Origin = origin;

    /// <summary>Where the value was written; of a merged object, its last part.</summary>
    public HoconOrigin Origin { get; }
}
