using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace QTrade.Markets.Files;

/// <summary>The pass that makes sure that bytes are one JSON value whose every string can be read, so that later passes cannot throw.</summary>
internal static class JsonSyntax
{
    /// <summary>Largest file that is read.</summary>
    public const int BytesMax = 256 << 20;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The bytes without a byte order mark.</summary>
    public static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(ByteOrderMark) ? bytes[ByteOrderMark.Length..] : bytes;

    /// <summary>What keeps the bytes from being JSON, or null.</summary>
    public static MarketFileError? Check(ReadOnlySpan<byte> bytes, string file)
    {
        if (bytes.Length > BytesMax)
            return new MarketFileError(file, null, null, null, $"is larger than {BytesMax >> 20} MiB, the most that is read");
        if (!Utf8.IsValid(bytes))
            return new MarketFileError(file, null, null, null, "is not UTF-8 text");
        var reader = new Utf8JsonReader(bytes);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                    _ = reader.GetString();
            }
        }
        catch (JsonException e)
        {
            return new MarketFileError(file, null, null, (int)(e.LineNumber ?? 0) + 1, $"is not JSON: {FirstSentence(e.Message)}");
        }
        catch (InvalidOperationException)
        {
            var line = bytes[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1;
            return new MarketFileError(file, null, null, line, "holds a string with half a surrogate pair");
        }

        return null;
    }

    /// <summary>Text as it may stand inside a one-line message: shortened, without control characters.</summary>
    public static string Printable(string text)
    {
        const int longest = 80;
        var printable = new StringBuilder(Math.Min(text.Length, longest));
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, longest)))
            printable.Append(char.IsControl(c) ? '?' : c);
        return text.Length > longest ? printable.Append("...").ToString() : printable.ToString();
    }

    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(". ", StringComparison.Ordinal);
        return Printable(end < 0 ? message.TrimEnd('.') : message[..end]);
    }
}
