using System.Collections.Immutable;

namespace QTrade.Hocon.Parsing;

/// <summary>Where in the whole document an included file stands.</summary>
/// <param name="Base">Path of the object that includes it; null inside an array, where there is no path.</param>
/// <param name="Outer">The non-empty bases of the chain of includes, innermost first.</param>
internal sealed record IncludePrefixes(ImmutableArray<string>? Base, ImmutableArray<ImmutableArray<string>> Outer)
{
    public static IncludePrefixes None { get; } = new([], []);

    public IncludePrefixes Enter(ImmutableArray<string>? below)
    {
        if (Base is not { } start || below is not { } more)
            return new IncludePrefixes(null, Outer);
        if (more.IsEmpty)
            return this;
        ImmutableArray<string> whole = [.. start, .. more];
        return new IncludePrefixes(whole, [whole, .. Outer]);
    }
}
