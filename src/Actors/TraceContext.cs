using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace QTrade.Actors;

/// <summary>
/// The trace a message belongs to, as of W3C Trace Context (level 1, section 3.2): <c>00-trace id-parent id-flags</c>.
/// </summary>
/// <param name="TraceIdHigh">Upper 64 bits of the trace id.</param>
/// <param name="TraceIdLow">Lower 64 bits of the trace id; not both are 0.</param>
/// <param name="ParentId">The span that caused the message, not 0.</param>
/// <param name="Sampled">Whether the caller recorded it.</param>
public sealed record TraceContext(ulong TraceIdHigh, ulong TraceIdLow, ulong ParentId, bool Sampled)
{
    private const int Length = 55;
    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    /// <summary>Reads a <c>traceparent</c>. Anything malformed, all-zero or of version ff is refused; later versions are read by their first four fields.</summary>
    public static bool TryParse(ReadOnlySpan<char> traceparent, [NotNullWhen(true)] out TraceContext? trace)
    {
        trace = null;
        if (traceparent.Length < Length || traceparent[2] != '-' || traceparent[35] != '-' || traceparent[52] != '-')
            return false;
        if (!TryHex(traceparent[..2], out var version) || version == 0xff)
            return false;
        if (traceparent.Length > Length && (version == 0 || traceparent[Length] != '-'))
            return false;
        if (!TryHex(traceparent.Slice(3, 16), out var high) || !TryHex(traceparent.Slice(19, 16), out var low)
            || !TryHex(traceparent.Slice(36, 16), out var parent) || !TryHex(traceparent.Slice(53, 2), out var flags))
            return false;
        if ((high | low) == 0 || parent == 0)
            return false;
        trace = new TraceContext(high, low, parent, (flags & 1) != 0);
        return true;
    }

    /// <summary>The <c>traceparent</c> form.</summary>
    public override string ToString() => $"00-{TraceIdHigh:x16}{TraceIdLow:x16}-{ParentId:x16}-{(Sampled ? "01" : "00")}";

    private static bool TryHex(ReadOnlySpan<char> text, out ulong value)
    {
        value = 0;
        return !text.ContainsAnyExcept(LowerHex)
            && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
