using System.Globalization;
using System.Text;

namespace QTrade.Solana.Rpc;

/// <summary>
/// Texts that are to be shown nowhere, taken out of what a node says: whole, or their beginning where the node cut them short, whatever the case
/// of their letters, and whatever characters that nobody sees stand between them.
/// </summary>
internal sealed class HiddenParts
{
    /// <summary>Texts that are shorter are words rather than secrets.</summary>
    public const int LengthMin = 4;

    /// <summary>So much of the beginning of a longer one is hidden too.</summary>
    public const int BeginningMin = 8;

    private const string Mask = "***";

    private readonly string[] _parts;

    /// <param name="parts">The texts; short ones are passed over.</param>
    public HiddenParts(IEnumerable<string> parts) =>
        _parts = [.. parts.Select(part => Seen(part, out _)).Where(part => part.Length >= LengthMin).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The text without them.</summary>
    public string TakenOutOf(string text)
    {
        var seen = Seen(text, out var places);
        var shown = new StringBuilder(text.Length);
        var (copied, hidden) = (0, 0);
        for (var i = 0; i < seen.Length; i++)
        {
            var length = LongestAt(seen.AsSpan(i));
            if (length == 0 || i + length <= hidden)
                continue;
            // What overlaps or follows what is hidden already is hidden with it.
            if (i > hidden || hidden == 0)
                shown.Append(text, copied, places[i] - copied).Append(Mask);
            hidden = i + length;
            copied = places[hidden - 1] + 1;
        }

        return shown.Append(text, copied, text.Length - copied).ToString();
    }

    private int LongestAt(ReadOnlySpan<char> text)
    {
        var longest = 0;
        foreach (var part in _parts)
        {
            var length = 0;
            while (length < part.Length && length < text.Length && char.ToUpperInvariant(part[length]) == char.ToUpperInvariant(text[length]))
                length++;
            if (length > longest && length >= Math.Min(part.Length, BeginningMin))
                longest = length;
        }

        return longest;
    }

    /// <summary>A text's characters that are to be seen, and blanks.</summary>
    /// <param name="text">The text.</param>
    /// <param name="places">Where in the text each stands.</param>
    private static string Seen(string text, out List<int> places)
    {
        var seen = new StringBuilder(text.Length);
        places = new List<int>(text.Length);
        for (int i = 0, next; i < text.Length; i = next)
        {
            next = i + (char.IsSurrogatePair(text, i) ? 2 : 1);
            if (IsUnseen(text, i))
                continue;
            for (var place = i; place < next; place++)
            {
                seen.Append(text[place]);
                places.Add(place);
            }
        }

        return seen.ToString();
    }

    private static bool IsUnseen(string text, int place) => text[place] != ' ' && CharUnicodeInfo.GetUnicodeCategory(text, place) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
