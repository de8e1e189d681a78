using System.Diagnostics.CodeAnalysis;
using QTrade.Messages.Wire;

namespace QTrade.Trading.States;

/// <summary>
/// The wire form of a state, for snapshots (states.proto). Like messages, shapes are only ever extended; equal states are equal bytes,
/// since what has no order of its own is written in the ordinal order of its keys.
/// </summary>
public sealed class StateForm<TState>
    where TState : class
{
    private readonly WriteFields<TState> write;
    private readonly ReadFields<TState> read;

    internal StateForm(string manifest, int version, WriteFields<TState> write, ReadFields<TState> read)
    {
        Manifest = manifest;
        Version = version;
        this.write = write;
        this.read = read;
    }

    /// <summary>Stable name of the shape.</summary>
    public string Manifest { get; }

    /// <summary>The version that is written; all versions up to it are read.</summary>
    public int Version { get; }

    /// <summary>The state in its wire form.</summary>
    public EncodedMessage Encode(TState state)
    {
        var writer = new ProtoWriter();
        write(state, writer);
        return new EncodedMessage(Manifest, Version, writer.ToArray());
    }

    /// <summary>The state that the bytes hold; anything else is refused with a reason in one line.</summary>
    public bool TryDecode(
        string manifest, int version, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out TState? state, [NotNullWhen(false)] out string? error)
    {
        state = null;
        error = manifest != Manifest ? $"'{manifest}' is no '{Manifest}'"
            : version < 1 || version > Version ? $"'{manifest}' has version {version}, and this version of the program reads 1 to {Version}"
            : null;
        if (error is not null)
            return false;
        var reader = new ProtoReader(bytes);
        state = read(ref reader);
        if (reader.Faulty)
            state = null;
        error = state is null ? $"the {bytes.Length} bytes are not a '{manifest}' of version {version}" : null;
        return state is not null;
    }
}
