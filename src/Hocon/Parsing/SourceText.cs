using System.Text;

namespace QTrade.Hocon.Parsing;

/// <summary>A document's characters and the place of each.</summary>
internal sealed class SourceText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly List<int> _lineStarts = [0];

    public SourceText(string name, string text)
    {
        Name = name;
        Text = text;
        for (int i = 0; i < text.Length; i++)
            if (text[i] == '\n')
                _lineStarts.Add(i + 1);
    }

    public string Name { get; }

    public string Text { get; }

    public static string Decode(string name, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > HoconLimits.MaxBytes)
            throw new HoconException(new HoconOrigin(name, 1, 1), $"the document is longer than {HoconLimits.MaxBytes} bytes");
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException wrong)
        {
            int valid = Math.Clamp(wrong.Index, 0, bytes.Length);
            var before = new SourceText(name, Encoding.UTF8.GetString(bytes[..valid]));
            throw new HoconException(before.OriginOf(before.Text.Length), "the bytes are not UTF-8 text", wrong);
        }
    }

    public HoconOrigin OriginOf(int index)
    {
        int line = _lineStarts.BinarySearch(index);
        if (line < 0)
            line = ~line - 1;
        return new HoconOrigin(Name, line + 1, index - _lineStarts[line] + 1);
    }

    public HoconException Error(int index, string reason) => new(OriginOf(index), reason);
}
