using System.Globalization;
using System.Text;

namespace QTrade.Solana.Rpc;

/// <summary>Text that an endpoint wrote, as it may be shown: one line of bounded length that steers no terminal.</summary>
internal static class ForeignText
{
    /// <summary>Longest text in characters; what is longer is cut off and ends in an ellipsis.</summary>
    public const int LengthMax = 200;

    /// <summary>The text; null where nothing is left of it.</summary>
    public static string? OneLine(string? text)
    {
        if (text is null)
            return null;
        var line = new StringBuilder(Math.Min(text.Length, LengthMax));
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length + rune.Utf16SequenceLength >= LengthMax)
            {
                line.Append('…');
                break;
            }

            if (IsPlain(rune))
                line.Append(rune.ToString());
            else if (line.Length > 0 && line[^1] != ' ')
                line.Append(' ');
        }

        var shown = line.ToString().Trim();
        return shown.Length == 0 ? null : shown;
    }

    // Format characters turn the direction of what is written around them.
    private static bool IsPlain(Rune rune) => !Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
