using System.Collections.Immutable;
using System.Text.Json;
using QTrade.Solana.Feed;

namespace QTrade.Solana.Rpc;

/// <summary>
/// Reads answers to HTTP requests. Not trusted: an answer that cannot be used is a named fault, whatever is in it. What a node says of an error is told
/// as it wrote it: who asked makes one line of it.
/// </summary>
public static class RpcResponse
{
    /// <summary>The node has not reached the slot that was asked for.</summary>
    public const long MinContextSlotNotReached = -32016;

    private delegate bool ResultReading<T>(ref Utf8JsonReader reader, ref T value);

    /// <summary>Reads the answer of <c>getMultipleAccounts</c>.</summary>
    /// <param name="json">The answer.</param>
    /// <param name="asked">The addresses, in the order asked.</param>
    public static RpcResult<RpcAccounts> Accounts(ReadOnlySpan<byte> json, IReadOnlyList<Address> asked)
    {
        var owners = new OwnerCache();
        RpcAccounts answer = null!;
        return Read(json, ref answer, (ref Utf8JsonReader reader, ref RpcAccounts accounts) => TryAccounts(ref reader, asked, owners, ref accounts));
    }

    /// <summary>Reads the answer of <c>getProgramAccounts</c> with no data asked for: the addresses.</summary>
    public static RpcResult<ImmutableArray<Address>> Addresses(ReadOnlySpan<byte> json, int addressesMax)
    {
        var found = ImmutableArray<Address>.Empty;
        return Read(json, ref found, (ref Utf8JsonReader reader, ref ImmutableArray<Address> addresses) => TryAddresses(ref reader, addressesMax, ref addresses));
    }

    /// <summary>Reads the answer of <c>getSlot</c>.</summary>
    public static RpcResult<ulong> Slot(ReadOnlySpan<byte> json)
    {
        var found = 0UL;
        return Read(json, ref found, static (ref Utf8JsonReader reader, ref ulong slot) => RpcJson.TryUInt64(ref reader, out slot));
    }

    private static RpcResult<T> Read<T>(ReadOnlySpan<byte> json, ref T value, ResultReading<T> reading)
    {
        var envelope = new Envelope<T> { Value = value };
        var wellFormed = RpcJson.Guard(json, ref envelope, (ref Utf8JsonReader reader, ref Envelope<T> read) => TryEnvelope(ref reader, ref read, reading));
        return !wellFormed ? new RpcResult<T>(default, RpcFault.Malformed, "the answer is not what the method answers")
            : envelope.Error is { } error ? new RpcResult<T>(default, error.Code == MinContextSlotNotReached ? RpcFault.Behind : RpcFault.Refused, error.ToString()) { Told = error.Message }
            : envelope.HasValue ? new RpcResult<T>(envelope.Value)
            : new RpcResult<T>(default, RpcFault.Malformed, "the answer has no result");
    }

    private static bool TryEnvelope<T>(ref Utf8JsonReader reader, ref Envelope<T> envelope, ResultReading<T> reading)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("result"u8))
            {
                reader.Read();
                if (!reading(ref reader, ref envelope.Value))
                    return false;
                envelope.HasValue = true;
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                envelope.Error = RpcError.Read(ref reader);
            }
            else
            {
                RpcJson.SkipValue(ref reader);
            }
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }

    private static bool TryAccounts(ref Utf8JsonReader reader, IReadOnlyList<Address> asked, OwnerCache owners, ref RpcAccounts answer)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        var slot = 0UL;
        bool context = false, value = false;
        var accounts = new RpcAccount[asked.Count];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("context"u8))
            {
                reader.Read();
                context = RpcJson.TryContext(ref reader, out slot);
                if (!context)
                    return false;
            }
            else if (reader.ValueTextEquals("value"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.StartArray)
                    return false;
                var count = 0;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (count == accounts.Length || !RpcJson.TryAccount(ref reader, owners, out accounts[count]))
                        return false;
                    count++;
                }

                value = count == accounts.Length;
                if (!value)
                    return false;
            }
            else
            {
                RpcJson.SkipValue(ref reader);
            }
        }

        if (!context || !value)
            return false;
        var updates = ImmutableArray.CreateBuilder<AccountUpdate>(accounts.Length);
        for (var i = 0; i < accounts.Length; i++)
            updates.Add(accounts[i].At(asked[i], new AccountPosition(slot, AccountPosition.Read)));
        answer = new RpcAccounts(slot, updates.DrainToImmutable());
        return true;
    }

    private static bool TryAddresses(ref Utf8JsonReader reader, int addressesMax, ref ImmutableArray<Address> answer)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return false;
        var addresses = ImmutableArray.CreateBuilder<Address>();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var found = false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("pubkey"u8))
                {
                    reader.Read();
                    found = RpcJson.TryAddress(ref reader, out var address);
                    if (found && addresses.Count < addressesMax)
                        addresses.Add(address);
                }
                else
                {
                    RpcJson.SkipValue(ref reader);
                }
            }

            if (!found)
                return false;
        }

        answer = addresses.DrainToImmutable();
        return reader.TokenType == JsonTokenType.EndArray;
    }

    private struct Envelope<T>
    {
        public T Value;
        public bool HasValue;
        public RpcError? Error;
    }
}
