using System.Text.Json;

namespace QTrade.Solana.Rpc;

/// <summary>A JSON-RPC error.</summary>
/// <param name="Code">Its code; 0 where it has none.</param>
/// <param name="Message">What the node says, as it wrote it; null for nothing.</param>
internal readonly record struct RpcError(long Code, string? Message)
{
    private const int MessageBytesMax = 4_096;

    /// <summary>Reads an error's object, or whatever stands in its place; the reader stands on its first token.</summary>
    public static RpcError Read(ref Utf8JsonReader reader)
    {
        var error = default(RpcError);
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return error;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isCode = reader.ValueTextEquals("code"u8);
            var isMessage = reader.ValueTextEquals("message"u8);
            reader.Read();
            if (isCode && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var code))
                error = error with { Code = code };
            else if (isMessage && reader.TokenType == JsonTokenType.String)
                error = error with { Message = Text(ref reader) };
            else
                reader.Skip();
        }

        return error;
    }

    /// <summary>Its code, in our words.</summary>
    public override string ToString() => $"JSON-RPC error {Code}";

    /// <summary>Its code and what the node says, as it may be shown.</summary>
    /// <param name="endpoint">Where the node is reached.</param>
    public string Line(RpcEndpoint endpoint) => endpoint.Line(ToString(), Message);

    private static string? Text(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length > MessageBytesMax)
            return null;
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is JSON, and no text: the code tells enough.
            return null;
        }
    }
}
