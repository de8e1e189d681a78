namespace QTrade.Hocon;

/// <summary>
/// Sizes in bytes as HOCON spells them: a number and a unit, blanks between them allowed; without a unit, bytes. <c>kB</c>, <c>MB</c>, ...
/// are powers of ten, <c>KiB</c>, <c>MiB</c>, ... and the single letters are powers of two.
/// </summary>
public static class HoconSize
{
    private const string Prefixes = "KMGTPEZY";
    private static readonly string[] Decimal = ["kilo", "mega", "giga", "tera", "peta", "exa", "zetta", "yotta"];
    private static readonly string[] Binary = ["kibi", "mebi", "gibi", "tebi", "pebi", "exbi", "zebi", "yobi"];

    /// <summary>Reads a size; a part of a byte is dropped.</summary>
    /// <returns>False for anything else, for less than nothing and for more than a <see cref="long"/> holds.</returns>
    public static bool TryParse(string? text, out long bytes)
    {
        bytes = 0;
        if (!NumberWithUnit.TrySplit(text, out decimal number, out string unit) || number < 0 || BytesOf(unit) is not { } factor)
            return false;
        if (number > long.MaxValue / factor)
            return false;
        bytes = (long)(number * factor);
        return true;
    }

    private static decimal? BytesOf(string unit)
    {
        if (unit is "" or "B" or "b" or "byte" or "bytes")
            return 1;
        for (int power = 0; power < Prefixes.Length; power++)
        {
            char letter = Prefixes[power];
            if (IsLong(unit, Decimal[power]) || unit == (letter == 'K' ? "kB" : $"{letter}B"))
                return Power(1000, power + 1);
            if (IsLong(unit, Binary[power]) || unit == $"{letter}" || unit == $"{char.ToLowerInvariant(letter)}" || unit == $"{letter}i" || unit == $"{letter}iB")
                return Power(1024, power + 1);
        }

        return null;
    }

    private static bool IsLong(string unit, string prefix) => unit == $"{prefix}byte" || unit == $"{prefix}bytes";

    private static decimal Power(int radix, int exponent)
    {
        decimal product = 1;
        for (int i = 0; i < exponent; i++)
            product *= radix;
        return product;
    }
}
