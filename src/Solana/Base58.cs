namespace QTrade.Solana;

/// <summary>Base58 in Bitcoin's alphabet, for addresses of 32 bytes: no allocation but the text.</summary>
internal static class Base58
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const int TextMax = 44;
    private const int AlphabetSize = 58;

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        Span<byte> digits = stackalloc byte[TextMax];
        var count = 0;
        foreach (var value in bytes)
        {
            int carry = value;
            for (var i = 0; i < count || carry != 0; i++)
            {
                if (i == count)
                    digits[count++] = 0;
                carry += digits[i] << 8;
                digits[i] = (byte)(carry % AlphabetSize);
                carry /= AlphabetSize;
            }
        }

        var zeros = 0;
        while (zeros < bytes.Length && bytes[zeros] == 0)
            zeros++;
        Span<char> text = stackalloc char[zeros + count];
        text[..zeros].Fill(Alphabet[0]);
        for (var i = 0; i < count; i++)
            text[zeros + i] = Alphabet[digits[count - 1 - i]];
        return new string(text);
    }

    /// <summary>Fills all of <paramref name="bytes"/>; false where the text is not base58 or stands for another number of bytes.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        bytes.Clear();
        if (text.IsEmpty || text.Length > TextMax)
            return false;
        foreach (var character in text)
        {
            var carry = Alphabet.IndexOf(character);
            if (carry < 0)
                return false;
            for (var i = bytes.Length - 1; i >= 0; i--)
            {
                carry += bytes[i] * AlphabetSize;
                bytes[i] = (byte)carry;
                carry >>= 8;
            }

            if (carry != 0)
                return false;
        }

        var zeros = text.IndexOfAnyExcept(Alphabet[0]);
        zeros = zeros < 0 ? text.Length : zeros;
        var leading = bytes.IndexOfAnyExcept((byte)0);
        return zeros == (leading < 0 ? bytes.Length : leading);
    }
}
