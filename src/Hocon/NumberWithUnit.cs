using System.Globalization;

namespace QTrade.Hocon;

/// <summary>The shape that durations and sizes share.</summary>
internal static class NumberWithUnit
{
    /// <summary>Splits at the first letter, exponents of ten not being read; <paramref name="unit"/> is empty where there is none.</summary>
    public static bool TrySplit(string? text, out decimal number, out string unit)
    {
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim();
        int letters = trimmed.Length;
        while (letters > 0 && char.IsAsciiLetter(trimmed[letters - 1]))
            letters--;
        unit = trimmed[letters..].ToString();
        return decimal.TryParse(
            trimmed[..letters].TrimEnd(),
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out number);
    }
}
