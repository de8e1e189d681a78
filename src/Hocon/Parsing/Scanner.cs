using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace QTrade.Hocon.Parsing;

/// <summary>A cursor over one document that reads blanks, comments, texts, paths and the words of an include.</summary>
internal sealed class Scanner(SourceText source)
{
    private const string IncludeWord = "include";
    private readonly string _text = source.Text;

    public int At { get; set; }

    public bool AtEnd => At >= _text.Length;

    /// <summary>The next character; a NUL at the end, which no rule accepts.</summary>
    public char Peek => AtEnd ? '\0' : _text[At];

    public HoconOrigin Origin => source.OriginOf(At);

    public bool AtEndOfValue => AtEnd || Peek is '\n' or ',' or '}' or ']' || AtComment;

    private bool AtComment => Peek == '#' || StartsWith("//");

    public HoconException Error(string reason) => source.Error(At, reason);

    public string ShowNext() => AtEnd ? "the end of the document" : Peek == '\n' ? "the end of the line" : Characters.Show(Peek);

    public bool StartsWith(string word) => string.CompareOrdinal(_text, At, word, 0, word.Length) == 0;

    public void SkipBlanks()
    {
        while (!AtEnd && Characters.IsBlank(_text[At]))
            At++;
    }

    /// <summary>Skips blanks, comments and line ends.</summary>
    /// <returns>Whether a line ended.</returns>
    public bool SkipBlankLines()
    {
        bool newLine = false;
        while (true)
        {
            SkipBlanks();
            if (!AtEnd && AtComment)
                while (!AtEnd && _text[At] != '\n')
                    At++;
            if (AtEnd || _text[At] != '\n')
                return newLine;
            newLine = true;
            At++;
        }
    }

    /// <summary>Characters up to the next blank or sign. A number keeps the sign of its exponent.</summary>
    public string ReadUnquoted()
    {
        int start = At;
        if (char.IsAsciiDigit(Peek) || Peek == '-')
            SkipNumber();
        while (!AtEnd && Characters.IsUnquoted(_text[At]) && !AtComment)
            At++;
        return At > start
            ? _text[start..At]
            : throw Error($"{ShowNext()} may not stand in a text without quotes: put the text in double quotes");
    }

    /// <summary>A text in one or three pairs of quotes; the cursor is on the first.</summary>
    public string ReadQuoted()
    {
        int opened = At;
        if (StartsWith("\"\"\""))
            return ReadTripleQuoted(opened);
        At++;
        var text = new StringBuilder();
        while (true)
        {
            if (AtEnd || Peek == '\n')
                throw source.Error(opened, "this '\"' is never closed on its line");
            char c = _text[At++];
            if (c == '"')
                return text.ToString();
            text.Append(c == '\\' ? ReadEscape() : c);
        }
    }

    /// <summary>Names separated by periods, quoted or not, as far as they go.</summary>
    /// <param name="what">What the path is, for the error.</param>
    public ImmutableArray<string> ReadPath(string what)
    {
        var path = ImmutableArray.CreateBuilder<string>();
        var name = new StringBuilder();
        bool quoted = false;
        while (true)
        {
            int blank = At;
            SkipBlanks();
            if (AtEnd || AtComment || Peek is '\n' or ':' or '=' or '{' or '}' || StartsWith("+="))
                break;
            name.Append(_text, blank, At - blank);
            if (Peek == '.')
            {
                path.Add(Named(name, quoted, what));
                quoted = false;
                At++;
            }
            else if (Peek == '"')
            {
                name.Append(ReadQuoted());
                quoted = true;
            }
            else if (Characters.IsUnquoted(Peek))
            {
                name.Append(_text[At++]);
            }
            else
            {
                throw Error($"{ShowNext()} may not stand in {what} without quotes");
            }
        }

        path.Add(Named(name, quoted, what));
        return path.ToImmutable();
    }

    /// <summary>Reads <c>${</c> or <c>${?</c>.</summary>
    /// <returns>Whether the substitution is optional.</returns>
    public bool OpenSubstitution()
    {
        if (!StartsWith("${"))
            throw Error("'$' starts a substitution, ${path}: put the text in double quotes if it is meant as it stands");
        At += 2;
        bool optional = Peek == '?';
        if (optional)
            At++;
        return optional;
    }

    public ImmutableArray<string> CloseSubstitution()
    {
        SkipBlanks();
        ImmutableArray<string> path = ReadPath("the path of a substitution");
        if (Peek != '}')
            throw Error($"{ShowNext()} stands where '}}' closes the substitution ${{{string.Join('.', path)}");
        At++;
        return path;
    }

    public bool AtIncludeWord()
    {
        if (!StartsWith(IncludeWord))
            return false;
        int after = At + IncludeWord.Length;
        return after >= _text.Length || !Characters.IsUnquoted(_text[after]) || _text[after] == '.';
    }

    /// <summary>Reads <c>include "f"</c>, <c>include file("f")</c> or either inside <c>required(...)</c>.</summary>
    public (string Name, bool Required) ReadInclude()
    {
        int start = At;
        At += IncludeWord.Length;
        SkipBlankLines();
        bool required = TrySkip("required(");
        bool file = TrySkip("file(");
        if (StartsWith("url(") || StartsWith("classpath(") || StartsWith("package("))
            throw Error("an include reads files only: write include \"name\" or include file(\"name\")");
        if (Peek != '"')
            throw source.Error(start, "include needs the name of a file in double quotes; a key of this name is written \"include\"");
        string name = ReadQuoted();
        for (int open = (required ? 1 : 0) + (file ? 1 : 0); open > 0; open--)
            if (!TrySkip(")"))
                throw Error($"{ShowNext()} stands where ')' closes the include");
        return (name, required);
    }

    private bool TrySkip(string word)
    {
        SkipBlanks();
        if (!StartsWith(word))
            return false;
        At += word.Length;
        SkipBlanks();
        return true;
    }

    private string Named(StringBuilder name, bool quoted, string what)
    {
        if (name.Length == 0 && !quoted)
            throw Error($"a name is missing in {what} before {ShowNext()}");
        string read = name.ToString();
        name.Clear();
        return read;
    }

    private void SkipNumber()
    {
        while (!AtEnd && (char.IsAsciiDigit(_text[At]) || _text[At] is '.' or '-'))
            At++;
        bool signed = At + 2 < _text.Length && _text[At] is 'e' or 'E' && _text[At + 1] == '+' && char.IsAsciiDigit(_text[At + 2]);
        if (signed)
            At += 2;
    }

    /// <summary>As written, line ends too, up to the last of three or more quotes.</summary>
    private string ReadTripleQuoted(int opened)
    {
        int start = opened + 3;
        int end = _text.IndexOf("\"\"\"", start, StringComparison.Ordinal);
        if (end < 0)
            throw source.Error(opened, "this '\"\"\"' is never closed");
        while (end + 3 < _text.Length && _text[end + 3] == '"')
            end++;
        At = end + 3;
        return _text[start..end];
    }

    private char ReadEscape()
    {
        char c = Peek;
        At++;
        return c switch
        {
            '"' or '\\' or '/' => c,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => ReadUnicodeEscape(),
            _ => throw source.Error(At - 2, "this '\\' starts no known escape: write \\\\ for a backslash"),
        };
    }

    private char ReadUnicodeEscape()
    {
        if (At + 4 > _text.Length
            || !ushort.TryParse(_text.AsSpan(At, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit))
            throw source.Error(At - 2, "\\u needs four hexadecimal digits");
        At += 4;
        return (char)unit;
    }
}
