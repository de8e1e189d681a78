using System.Collections.Immutable;

namespace QTrade.Hocon.Resolution;

/// <summary>What the parser saw, before substitution.</summary>
internal abstract class Node(HoconOrigin origin)
{
    public HoconOrigin Origin { get; } = origin;

    /// <summary>
    /// Set while the resolver works out what this node stands for. A substitution that comes back to the same field meanwhile sees only
    /// the values below this one.
    /// </summary>
    public bool InProgress { get; set; }
}

/// <summary>A text as written. Blanks between the parts of a concatenation are scalars too, marked so.</summary>
internal sealed class ScalarNode(string text, bool quoted, bool blank, HoconOrigin origin) : Node(origin)
{
    public string Text { get; } = text;

    public bool Quoted { get; } = quoted;

    public bool Blank { get; } = blank;
}

internal sealed class ArrayNode(ImmutableArray<Node> items, HoconOrigin origin) : Node(origin)
{
    public ImmutableArray<Node> Items { get; } = items;
}

/// <summary>Parts written beside each other on one line.</summary>
internal sealed class ConcatenationNode(ImmutableArray<Node> parts, HoconOrigin origin) : Node(origin)
{
    public ImmutableArray<Node> Parts { get; } = parts;
}

/// <summary><c>${path}</c> or <c>${?path}</c>.</summary>
/// <param name="path">Names from the root down.</param>
/// <param name="optional">Whether an undefined path leaves nothing instead of failing.</param>
/// <param name="prefixes">Paths at which the file holding this was included, innermost first: the path is looked for below each of them before the root.</param>
/// <param name="origin">Where it was written.</param>
internal sealed class SubstitutionNode(
    ImmutableArray<string> path,
    bool optional,
    ImmutableArray<ImmutableArray<string>> prefixes,
    HoconOrigin origin) : Node(origin)
{
    public ImmutableArray<string> Path { get; } = path;

    public bool Optional { get; } = optional;

    public ImmutableArray<ImmutableArray<string>> Prefixes { get; } = prefixes;
}

/// <summary>The value that the same field had before: the left side of <c>+=</c>.</summary>
internal sealed class PreviousNode(HoconOrigin origin) : Node(origin);

/// <summary>All values of one field, taken out of their object: an item of an object that is read as a list.</summary>
internal sealed class FieldNode(List<Node> values, HoconOrigin origin) : Node(origin)
{
    public List<Node> Values { get; } = values;
}

/// <summary>An object: under every name the values assigned to it, in order. Which of them count is the resolver's to say.</summary>
internal sealed class ObjectNode(HoconOrigin origin) : Node(origin)
{
    private readonly Dictionary<string, List<Node>> _values = new(StringComparer.Ordinal);

    public List<string> Names { get; } = [];

    public List<Node>? ValuesOf(string name) => _values.GetValueOrDefault(name);

    public void Assign(ReadOnlySpan<string> path, Node value)
    {
        ObjectNode parent = this;
        foreach (string name in path[..^1])
            parent = parent.ChildForPath(name, value.Origin);
        parent.ValuesFor(path[^1]).Add(value);
    }

    /// <summary>Assigns everything that another root holds, in its order.</summary>
    public void Include(ObjectNode other)
    {
        foreach (string name in other.Names)
            ValuesFor(name).AddRange(other._values[name]);
    }

    private ObjectNode ChildForPath(string name, HoconOrigin origin)
    {
        List<Node> values = ValuesFor(name);
        if (values is [.., ObjectNode last])
            return last;
        var child = new ObjectNode(origin);
        values.Add(child);
        return child;
    }

    private List<Node> ValuesFor(string name)
    {
        if (!_values.TryGetValue(name, out List<Node>? values))
        {
            Names.Add(name);
            _values.Add(name, values = []);
        }

        return values;
    }
}
