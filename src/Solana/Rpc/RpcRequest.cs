using System.Buffers;
using System.Text.Json;

namespace QTrade.Solana.Rpc;

/// <summary>Writes the JSON of requests.</summary>
internal static class RpcRequest
{
    public static byte[] Accounts(ulong id, IReadOnlyList<Address> addresses, Commitment commitment, ulong minContextSlot) =>
        Write(id, "getMultipleAccounts"u8, writer =>
        {
            writer.WriteStartArray();
            foreach (var address in addresses)
                writer.WriteStringValue(address.ToString());
            writer.WriteEndArray();
            StartOptions(writer, commitment);
            if (minContextSlot > 0)
                writer.WriteNumber("minContextSlot"u8, minContextSlot);
            writer.WriteEndObject();
        });

    public static byte[] ProgramAccounts(ulong id, ProgramQuery query, Commitment commitment) =>
        Write(id, "getProgramAccounts"u8, writer =>
        {
            writer.WriteStringValue(query.Program.ToString());
            StartOptions(writer, commitment);
            writer.WriteStartObject("dataSlice"u8);
            writer.WriteNumber("offset"u8, 0);
            writer.WriteNumber("length"u8, 0);
            writer.WriteEndObject();
            writer.WriteStartArray("filters"u8);
            if (query.DataSize is { } size)
            {
                writer.WriteStartObject();
                writer.WriteNumber("dataSize"u8, size);
                writer.WriteEndObject();
            }

            foreach (var (offset, bytes) in query.Matches)
            {
                writer.WriteStartObject();
                writer.WriteStartObject("memcmp"u8);
                writer.WriteNumber("offset"u8, offset);
                writer.WriteBase64String("bytes"u8, bytes.AsSpan());
                writer.WriteString("encoding"u8, "base64"u8);
                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });

    public static byte[] Slot(ulong id, Commitment commitment) => Write(id, "getSlot"u8, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("commitment"u8, NameOf(commitment));
        writer.WriteEndObject();
    });

    public static byte[] Subscribe(ulong id, Address account, Commitment commitment) => Write(id, "accountSubscribe"u8, writer =>
    {
        writer.WriteStringValue(account.ToString());
        StartOptions(writer, commitment);
        writer.WriteEndObject();
    });

    public static byte[] Unsubscribe(ulong id, ulong subscription) => Write(id, "accountUnsubscribe"u8, writer => writer.WriteNumberValue(subscription));

    private static void StartOptions(Utf8JsonWriter writer, Commitment commitment)
    {
        writer.WriteStartObject();
        writer.WriteString("encoding"u8, "base64"u8);
        writer.WriteString("commitment"u8, NameOf(commitment));
    }

    private static ReadOnlySpan<byte> NameOf(Commitment commitment) => commitment switch
    {
        Commitment.Processed => "processed"u8,
        Commitment.Confirmed => "confirmed"u8,
        Commitment.Finalized => "finalized"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(commitment), commitment, "not a commitment"),
    };

    private static byte[] Write(ulong id, ReadOnlySpan<byte> method, Action<Utf8JsonWriter> parameters)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc"u8, "2.0"u8);
            writer.WriteNumber("id"u8, id);
            writer.WriteString("method"u8, method);
            writer.WriteStartArray("params"u8);
            parameters(writer);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
