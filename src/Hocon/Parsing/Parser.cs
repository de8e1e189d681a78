using System.Collections.Immutable;
using QTrade.Hocon.Resolution;

namespace QTrade.Hocon.Parsing;

/// <summary>Recursive descent over one document: fields, values, lists, includes. Texts and paths are the <see cref="Scanner"/>'s.</summary>
internal sealed class Parser(SourceText source, string? directory, Includes includes, IncludePrefixes prefixes)
{
    private readonly Scanner _scan = new(source);
    private readonly List<string> _path = [];
    private int _depth;
    private int _arrays;

    /// <summary>The root: an object, with or without its braces, or an array.</summary>
    public Node ParseDocument()
    {
        _scan.SkipBlankLines();
        Node root;
        switch (_scan.Peek)
        {
            case '{':
                root = ParseObject();
                break;
            case '[':
                root = ParseArray();
                break;
            default:
                var fields = new ObjectNode(_scan.Origin);
                Descend(1);
                ParseFields(fields, opened: null);
                return fields;
        }

        _scan.SkipBlankLines();
        return _scan.AtEnd ? root : throw _scan.Error($"{_scan.ShowNext()} follows the end of the document");
    }

    private ObjectNode ParseObject()
    {
        int opened = _scan.At;
        var fields = new ObjectNode(_scan.Origin);
        Descend(1);
        _scan.At++;
        ParseFields(fields, opened);
        _depth--;
        return fields;
    }

    private void ParseFields(ObjectNode into, int? opened)
    {
        while (true)
        {
            _scan.SkipBlankLines();
            if (_scan.AtEnd)
            {
                if (opened is { } brace)
                    throw source.Error(brace, "this '{' is never closed");
                return;
            }

            if (_scan.Peek == '}')
            {
                if (opened is null)
                    throw _scan.Error("this '}' closes nothing");
                _scan.At++;
                return;
            }

            ParseField(into);
            SkipSeparator('}', "fields");
        }
    }

    private void ParseField(ObjectNode into)
    {
        if (_scan.Peek == ',')
            throw _scan.Error("a comma without a field before it");
        if (_scan.AtIncludeWord())
        {
            ParseInclude(into);
            return;
        }

        int start = _scan.At;
        ImmutableArray<string> path = _scan.ReadPath("a key");
        _scan.SkipBlankLines();
        bool append = _scan.StartsWith("+=");
        if (append)
            _scan.At += 2;
        else if (_scan.Peek is ':' or '=')
            _scan.At++;
        else if (_scan.Peek != '{')
            throw source.Error(start, $"the key '{string.Join('.', path)}' needs '=', ':' or '{{' after it");
        _scan.SkipBlankLines();

        HoconOrigin origin = source.OriginOf(start);
        Descend(path.Length - 1);
        _path.AddRange(path);
        Node value = ParseValue();
        _path.RemoveRange(_path.Count - path.Length, path.Length);
        _depth -= path.Length - 1;
        into.Assign(path.AsSpan(), append ? Appended(value, origin) : value);
    }

    /// <summary><c>a += x</c> is what <c>a</c> was before, if anything, with <c>[x]</c> joined to it.</summary>
    private static ConcatenationNode Appended(Node value, HoconOrigin origin) =>
        new([new PreviousNode(origin), new ArrayNode([value], value.Origin)], origin);

    private Node ParseValue()
    {
        int start = _scan.At;
        var parts = ImmutableArray.CreateBuilder<Node>();
        while (true)
        {
            int blank = _scan.At;
            _scan.SkipBlanks();
            if (_scan.AtEndOfValue)
                break;
            if (parts.Count > 0 && _scan.At > blank)
                parts.Add(new ScalarNode(source.Text[blank.._scan.At], quoted: false, blank: true, source.OriginOf(blank)));
            parts.Add(ParsePart());
        }

        return parts.Count switch
        {
            0 => throw source.Error(start, _scan.AtEnd ? "a value is missing at the end of the document" : $"a value is missing before {_scan.ShowNext()}"),
            1 => parts[0],
            _ => Join(parts.ToImmutable()),
        };
    }

    private Node ParsePart()
    {
        HoconOrigin origin = _scan.Origin;
        switch (_scan.Peek)
        {
            case '{':
                return ParseObject();
            case '[':
                return ParseArray();
            case '"':
                return new ScalarNode(_scan.ReadQuoted(), quoted: true, blank: false, origin);
            case '$':
                bool optional = _scan.OpenSubstitution();
                return new SubstitutionNode(_scan.CloseSubstitution(), optional, prefixes.Outer, origin);
            default:
                return new ScalarNode(_scan.ReadUnquoted(), quoted: false, blank: false, origin);
        }
    }

    /// <summary>Words without quotes are one text, known now.</summary>
    private static Node Join(ImmutableArray<Node> parts) =>
        parts.All(part => part is ScalarNode { Quoted: false })
            ? new ScalarNode(string.Concat(parts.Select(part => ((ScalarNode)part).Text)), quoted: false, blank: false, parts[0].Origin)
            : new ConcatenationNode(parts, parts[0].Origin);

    private ArrayNode ParseArray()
    {
        int opened = _scan.At;
        HoconOrigin origin = _scan.Origin;
        var items = ImmutableArray.CreateBuilder<Node>();
        Descend(1);
        _arrays++;
        _scan.At++;
        while (true)
        {
            _scan.SkipBlankLines();
            if (_scan.AtEnd)
                throw source.Error(opened, "this '[' is never closed");
            if (_scan.Peek == ']')
                break;
            if (_scan.Peek == ',')
                throw _scan.Error("a comma without a value before it");
            items.Add(ParseValue());
            SkipSeparator(']', "values");
        }

        _scan.At++;
        _arrays--;
        _depth--;
        return new ArrayNode(items.ToImmutable(), origin);
    }

    private void SkipSeparator(char close, string what)
    {
        bool newLine = _scan.SkipBlankLines();
        if (_scan.Peek == ',')
            _scan.At++;
        else if (!newLine && !_scan.AtEnd && _scan.Peek != close)
            throw _scan.Error($"{_scan.ShowNext()} stands where a comma or a new line separates {what}");
    }

    private void ParseInclude(ObjectNode into)
    {
        HoconOrigin origin = _scan.Origin;
        (string name, bool required) = _scan.ReadInclude();
        ImmutableArray<string>? below = _arrays == 0 ? [.. _path] : null;
        if (includes.ParseIncluded(name, directory, required, origin, prefixes.Enter(below)) is { } root)
            into.Include(root);
    }

    private void Descend(int levels)
    {
        _depth += levels;
        if (_depth > HoconLimits.MaxDepth)
            throw _scan.Error($"objects, lists and paths are nested deeper than {HoconLimits.MaxDepth}");
    }
}
