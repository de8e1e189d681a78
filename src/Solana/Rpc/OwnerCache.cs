using System.Text.Json;

namespace QTrade.Solana.Rpc;

/// <summary>Few programs own all accounts of a feed: their addresses are decoded once. Owned by one reader; bounded.</summary>
internal sealed class OwnerCache
{
    private const int EntriesMax = 8;

    private readonly byte[][] _texts = new byte[EntriesMax][];
    private readonly Address[] _addresses = new Address[EntriesMax];
    private int _count;
    private int _next;

    public bool TryRead(ref Utf8JsonReader reader, out Address owner)
    {
        owner = default;
        if (reader.TokenType != JsonTokenType.String || reader.HasValueSequence)
            return false;
        for (var i = 0; i < _count; i++)
        {
            if (reader.ValueSpan.SequenceEqual(_texts[i]))
            {
                owner = _addresses[i];
                return true;
            }
        }

        if (!RpcJson.TryAddress(ref reader, out owner))
            return false;
        _texts[_next] = reader.ValueSpan.ToArray();
        _addresses[_next] = owner;
        _next = (_next + 1) % EntriesMax;
        _count = Math.Min(_count + 1, EntriesMax);
        return true;
    }
}
