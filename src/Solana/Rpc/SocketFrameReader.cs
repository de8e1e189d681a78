using System.Text.Json;

namespace QTrade.Solana.Rpc;

/// <summary>Reads WebSocket frames. Not trusted: a frame that cannot be used is false, whatever is in it. Owned by one reader.</summary>
public sealed class SocketFrameReader
{
    private readonly OwnerCache _owners = new();
    private readonly RpcJson.Reading<SocketFrame> _read;
    private readonly RpcJson.Reading<SocketFrame> _readSubscription = ReadSubscription;

    /// <summary>A reader.</summary>
    public SocketFrameReader() => _read = Read;

    /// <summary>
    /// Reads a frame; false where it is malformed. It is <see cref="SocketFrameKind.AccountChanged"/> then where it is still to be seen whose
    /// subscription it is of.
    /// </summary>
    public bool TryRead(ReadOnlySpan<byte> json, out SocketFrame frame)
    {
        frame = default;
        if (RpcJson.Guard(json, ref frame, _read))
            return true;
        frame = default;
        if (!RpcJson.Guard(json, ref frame, _readSubscription))
            frame = default;
        return false;
    }

    // Steps over every value but the two that tell what a notification is of.
    private static bool ReadSubscription(ref Utf8JsonReader reader, ref SocketFrame frame)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        bool account = false, subscription = false;
        while (reader.Read() && reader.CurrentDepth > 0)
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                // The end of the parameters.
                continue;
            }

            if (reader.CurrentDepth == 1 && reader.ValueTextEquals("method"u8))
            {
                reader.Read();
                account = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("accountNotification"u8);
            }
            else if (reader.CurrentDepth == 1 && reader.ValueTextEquals("params"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.StartObject)
                    return false;
            }
            else if (reader.CurrentDepth == 2 && reader.ValueTextEquals("subscription"u8))
            {
                reader.Read();
                subscription = RpcJson.TryUInt64(ref reader, out var number);
                frame.Subscription = number;
            }
            else
            {
                RpcJson.SkipValue(ref reader);
            }
        }

        frame.Kind = SocketFrameKind.AccountChanged;
        return account && subscription;
    }

    private bool Read(ref Utf8JsonReader reader, ref SocketFrame frame)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        bool id = false, accepted = false, refused = false, named = false, account = false, parameters = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("method"u8))
            {
                reader.Read();
                named = true;
                account = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("accountNotification"u8);
            }
            else if (reader.ValueTextEquals("params"u8))
            {
                reader.Read();
                parameters = TryParams(ref reader, ref frame);
                // Whose parameters they are may be told behind them.
                if (!parameters)
                    return named && !account;
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                id = RpcJson.TryUInt64(ref reader, out var number);
                frame.Id = number;
            }
            else if (reader.ValueTextEquals("result"u8))
            {
                reader.Read();
                accepted = RpcJson.TryUInt64(ref reader, out var number);
                frame.Subscription = number;
                if (!accepted)
                    reader.Skip();
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                refused = true;
                frame.Error = RpcError.Read(ref reader);
            }
            else
            {
                RpcJson.SkipValue(ref reader);
            }
        }

        if (reader.TokenType != JsonTokenType.EndObject)
            return false;
        frame.Kind = account && parameters ? SocketFrameKind.AccountChanged
            : id && refused ? SocketFrameKind.Refused
            : id && accepted ? SocketFrameKind.Accepted
            : SocketFrameKind.Other;
        return !account || parameters;
    }

    private bool TryParams(ref Utf8JsonReader reader, ref SocketFrame frame)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        bool result = false, subscription = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("subscription"u8))
            {
                reader.Read();
                subscription = RpcJson.TryUInt64(ref reader, out var number);
                frame.Subscription = number;
            }
            else if (reader.ValueTextEquals("result"u8))
            {
                reader.Read();
                result = TryResult(ref reader, ref frame);
                if (!result)
                    return false;
            }
            else
            {
                RpcJson.SkipValue(ref reader);
            }
        }

        return result && subscription;
    }

    private bool TryResult(ref Utf8JsonReader reader, ref SocketFrame frame)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        bool context = false, value = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("context"u8))
            {
                reader.Read();
                context = RpcJson.TryContext(ref reader, out var slot);
                if (!context)
                    return false;
                frame.Slot = slot;
            }
            else if (reader.ValueTextEquals("value"u8))
            {
                reader.Read();
                value = RpcJson.TryAccount(ref reader, _owners, out frame.Account);
                if (!value)
                    return false;
            }
            else
            {
                RpcJson.SkipValue(ref reader);
            }
        }

        return context && value;
    }
}
