using System.Globalization;

namespace QTrade.Hocon.Parsing;

/// <summary>The character classes of HOCON.</summary>
internal static class Characters
{
    private const string NeverUnquoted = "$\"{}[]:=,+#`^?!@*&\\";

    /// <summary>White space other than the line feed, which separates fields.</summary>
    public static bool IsBlank(char c) => c switch
    {
        '\n' => false,
        ' ' or '\t' or '\r' or '\v' or '\f' or '\uFEFF' => true,
        >= '\u001c' and <= '\u001f' => true,
        < '\u0080' => false,
        _ => char.GetUnicodeCategory(c) is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator,
    };

    /// <summary>Whether the character may stand in a text without quotes (two slashes together still start a comment).</summary>
    public static bool IsUnquoted(char c) => c != '\n' && !IsBlank(c) && !NeverUnquoted.Contains(c, StringComparison.Ordinal);

    /// <summary>The character as an error message shows it.</summary>
    public static string Show(char c) => char.IsControl(c) || char.IsSurrogate(c) ? $"character U+{(int)c:X4}" : $"'{c}'";
}
