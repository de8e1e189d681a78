using System.Buffers;
using System.Text;
using System.Text.Json;

namespace QTrade.Solana.Rpc;

/// <summary>
/// Reads the values that answers and notifications share. The bytes are not trusted: depth and lengths are bounded by the frame, and
/// every reading returns false where the JSON is other than expected. <see cref="Guard"/> turns what the reader throws on bytes that are no
/// JSON into false.
/// </summary>
internal static class RpcJson
{
    /// <summary>Deepest nesting of an answer; account data in base64 needs seven levels.</summary>
    public const int DepthMax = 16;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = DepthMax };

    /// <summary>Reads one value of a frame.</summary>
    public delegate bool Reading<T>(ref Utf8JsonReader reader, ref T value);

    /// <summary>Runs a reading over a whole frame; false where the frame is no JSON or the reading says no.</summary>
    public static bool Guard<T>(ReadOnlySpan<byte> json, ref T value, Reading<T> reading)
    {
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            return reader.Read() && reading(ref reader, ref value);
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // Text that is no valid UTF-8 or UTF-16.
            return false;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    public static bool TryUInt64(ref Utf8JsonReader reader, out ulong value)
    {
        value = 0;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out value);
    }

    public static bool TryAddress(ref Utf8JsonReader reader, out Address address)
    {
        address = default;
        if (reader.TokenType != JsonTokenType.String || reader.HasValueSequence || reader.ValueIsEscaped || reader.ValueSpan.Length > AddressTextMax)
            return false;
        Span<char> text = stackalloc char[AddressTextMax];
        return Ascii.ToUtf16(reader.ValueSpan, text, out var length) == OperationStatus.Done && Address.TryParse(text[..length], out address);
    }

    /// <summary>Steps over the value that the reader stands before or on.</summary>
    public static void SkipValue(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.PropertyName)
            reader.Read();
        reader.Skip();
    }

    /// <summary>Reads an account's object, or null for one that does not exist; the reader stands on its first token.</summary>
    public static bool TryAccount(ref Utf8JsonReader reader, OwnerCache owners, out RpcAccount account)
    {
        account = default;
        if (reader.TokenType == JsonTokenType.Null)
            return true;
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        bool data = false, owner = false, lamports = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("data"u8))
            {
                reader.Read();
                data = TryData(ref reader, out account.Data);
                if (!data)
                    return false;
            }
            else if (reader.ValueTextEquals("owner"u8))
            {
                reader.Read();
                owner = owners.TryRead(ref reader, out account.Owner);
                if (!owner)
                    return false;
            }
            else if (reader.ValueTextEquals("lamports"u8))
            {
                reader.Read();
                lamports = TryUInt64(ref reader, out account.Lamports);
                if (!lamports)
                    return false;
            }
            else
            {
                SkipValue(ref reader);
            }
        }

        return reader.TokenType == JsonTokenType.EndObject && data && owner && lamports;
    }

    /// <summary>Reads <c>{"slot": n, ...}</c>; the reader stands on its first token.</summary>
    public static bool TryContext(ref Utf8JsonReader reader, out ulong slot)
    {
        slot = 0;
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        var found = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("slot"u8))
            {
                reader.Read();
                found = TryUInt64(ref reader, out slot);
            }
            else
            {
                SkipValue(ref reader);
            }
        }

        return found;
    }

    private const int AddressTextMax = 44;

    private static bool TryData(ref Utf8JsonReader reader, out byte[]? data)
    {
        data = null;
        if (reader.TokenType != JsonTokenType.StartArray || !reader.Read() || reader.TokenType != JsonTokenType.String
            || !reader.TryGetBytesFromBase64(out data))
            return false;
        return reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("base64"u8)
            && reader.Read() && reader.TokenType == JsonTokenType.EndArray;
    }
}
