using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace QTrade.Markets.Files;

/// <summary>
/// The members of one JSON object of a file, asked for by name. What is missing, of a wrong type, given twice or unknown is
/// recorded as the file's fault, and the asker gets a default.
/// </summary>
public readonly ref struct JsonObject
{
    // An object with more members than this is no object of these formats.
    private const int MembersMax = 64;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _start;
    private readonly List<JsonMember> _members;
    private readonly JsonFaults _faults;
    private readonly string? _pool;
    private readonly string _path;

    /// <summary>Opens the object that lies at an offset of bytes that <see cref="JsonSyntax"/> has passed.</summary>
    internal JsonObject(ReadOnlySpan<byte> bytes, int start, int length, JsonFaults faults, string? pool = null, string path = "")
    {
        _bytes = bytes;
        _start = start;
        _members = [];
        _faults = faults;
        _pool = pool;
        _path = path;
        var reader = new Utf8JsonReader(bytes.Slice(start, length));
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            faults.Record(pool, path.Length == 0 ? null : path.TrimEnd('.'), start, "must be a JSON object");
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var at = start + (int)reader.TokenStartIndex;
            reader.Read();
            AddMember(ValueOf(ref reader, name, start), at);
        }
    }

    /// <summary>Whether the file has a fault, this object's or another's.</summary>
    public bool Faulty => _faults.Any;

    private JsonObject(JsonObject other, string pool)
    {
        _bytes = other._bytes;
        _start = other._start;
        _members = other._members;
        _faults = other._faults;
        _pool = pool;
        _path = "";
    }

    /// <summary>The same object, whose faults are those of this pool.</summary>
    internal JsonObject OfPool(string pool) => new(this, pool);

    /// <summary>Whether the object has a member of that name.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>A number that must be there.</summary>
    public double Number(string name) => Find(name) is { } member ? NumberAt(member) : MissingNumber(name);

    /// <summary>A number that may be left out.</summary>
    public double Number(string name, double otherwise) => Find(name) is { } member ? NumberAt(member) : otherwise;

    /// <summary>A whole number between bounds, or null where it is left out.</summary>
    public long? WholeNumber(string name, long min, long max)
    {
        if (Find(name) is not { } member)
            return null;
        var value = NumberAt(member);
        if (value >= min && value <= max && value == Math.Floor(value))
            return (long)value;
        Fault(name, $"must be a whole number from {min} to {max}");
        return null;
    }

    /// <summary>An array of numbers that must be there.</summary>
    public ImmutableArray<double> Numbers(string name) => Find(name) is { } member ? NumbersAt(member, null) : MissingNumbers(name);

    /// <summary>An array of numbers that may be left out.</summary>
    public ImmutableArray<double> Numbers(string name, ImmutableArray<double> otherwise) =>
        Find(name) is { } member ? NumbersAt(member, null) : otherwise;

    /// <summary>An array of numbers that may be left out, in which <c>null</c> stands for another number.</summary>
    internal ImmutableArray<double> NumbersOrNulls(string name, double forNull) =>
        Find(name) is { } member ? NumbersAt(member, forNull) : [];

    /// <summary>An array of arrays of numbers that must be there.</summary>
    public ImmutableArray<ImmutableArray<double>> Rows(string name)
    {
        var elements = Elements(name);
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<double>>(elements.Count);
        for (var i = 0; i < elements.Count; i++)
            rows.Add(NumbersAt(new JsonMember($"{name}[{i}]", elements[i].Start, elements[i].Length), null));
        return rows.MoveToImmutable();
    }

    /// <summary>A text that must be there; empty where it is not.</summary>
    public string Text(string name)
    {
        if (Find(name) is { } member)
            return TextAt(member) ?? "";
        Missing(name);
        return "";
    }

    /// <summary>A text that may be left out.</summary>
    public string? TextOrNull(string name) => Find(name) is { } member ? TextAt(member) : null;

    /// <summary>An array of texts that must be there.</summary>
    public ImmutableArray<string> Texts(string name)
    {
        var elements = Elements(name);
        var texts = ImmutableArray.CreateBuilder<string>(elements.Count);
        for (var i = 0; i < elements.Count; i++)
            texts.Add(TextAt(new JsonMember($"{name}[{i}]", elements[i].Start, elements[i].Length)) ?? "");
        return texts.MoveToImmutable();
    }

    /// <summary>Records that a field of this object is wrong, at the line where it stands.</summary>
    public void Fault(string field, string message)
    {
        var bracket = field.IndexOf('[', StringComparison.Ordinal);
        var member = Find(bracket < 0 ? field : field[..bracket]);
        _faults.Record(_pool, _path + field, member?.Start ?? _start, message);
    }

    /// <summary>Records a member that is given twice, and every member that nobody asked for. Whoever reads an object ends with this.</summary>
    internal void RefuseRest()
    {
        if (_members.Find(member => member.Repeated) is { } repeated)
            _faults.Record(_pool, _path + JsonSyntax.Printable(repeated.Name), repeated.Start, "is given twice");
        var unknown = _members.FindAll(member => !member.Asked);
        if (unknown.Count == 0)
            return;
        var names = string.Join(", ", unknown.Select(member => JsonSyntax.Printable(member.Name)));
        _faults.Record(_pool, _path + JsonSyntax.Printable(unknown[0].Name), unknown[0].Start,
            unknown.Count == 1 ? "is not a field of this format" : $"is not a field of this format; nor are all of {names}");
    }

    /// <summary>An object that may be left out; ask <see cref="Has"/> first.</summary>
    internal JsonObject Object(string name)
    {
        var member = Find(name)!;
        return new JsonObject(_bytes, member.Start, member.Length, _faults, _pool, $"{_path}{name}.");
    }

    /// <summary>Where the elements of an array lie that must be there.</summary>
    internal List<JsonMember> Elements(string name)
    {
        List<JsonMember> elements = [];
        if (Find(name) is not { } member)
        {
            Missing(name);
            return elements;
        }

        var reader = new Utf8JsonReader(_bytes.Slice(member.Start, member.Length));
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
            Fault(name, "must be an array");
        else
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                elements.Add(ValueOf(ref reader, "", member.Start));
        }

        return elements;
    }

    /// <summary>The element of an array as an object.</summary>
    internal JsonObject ObjectAt(JsonMember element, string path) =>
        new(_bytes, element.Start, element.Length, _faults, _pool, path);

    /// <summary>A JSON object as it stands in the file, or null where it is left out.</summary>
    internal string? Raw(string name)
    {
        if (Find(name) is not { } member)
            return null;
        if (_bytes[member.Start] != (byte)'{')
            Fault(name, "must be a JSON object");
        return Encoding.UTF8.GetString(_bytes.Slice(member.Start, member.Length));
    }

    private void AddMember(JsonMember member, int at)
    {
        if (_members.Count == MembersMax)
            _faults.Record(_pool, null, at, $"an object here has more than {MembersMax} fields");
        if (_members.Count >= MembersMax)
            return;
        member.Repeated = _members.Exists(other => other.Name == member.Name);
        _members.Add(member);
    }

    private static JsonMember ValueOf(ref Utf8JsonReader reader, string name, int origin)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return new JsonMember(name, origin + start, (int)reader.BytesConsumed - start);
    }

    private JsonMember? Find(string name)
    {
        foreach (var member in _members)
        {
            if (member.Name != name)
                continue;
            member.Asked = true;
            return member;
        }

        return null;
    }

    private void Missing(string name) => _faults.Record(_pool, _path + name, _start, "is missing");

    private double MissingNumber(string name)
    {
        Missing(name);
        return 0;
    }

    private ImmutableArray<double> MissingNumbers(string name)
    {
        Missing(name);
        return [];
    }

    private double NumberAt(JsonMember member)
    {
        var reader = new Utf8JsonReader(_bytes.Slice(member.Start, member.Length));
        reader.Read();
        return ReadNumber(ref reader, member.Name, -1, member.Start, null);
    }

    private ImmutableArray<double> NumbersAt(JsonMember member, double? forNull)
    {
        var reader = new Utf8JsonReader(_bytes.Slice(member.Start, member.Length));
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            _faults.Record(_pool, _path + member.Name, member.Start, "must be an array of numbers");
            return [];
        }

        var numbers = ImmutableArray.CreateBuilder<double>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray && !_faults.Any)
            numbers.Add(ReadNumber(ref reader, member.Name, numbers.Count, member.Start, forNull));
        return numbers.DrainToImmutable();
    }

    private double ReadNumber(ref Utf8JsonReader reader, string field, int index, int origin, double? forNull)
    {
        const NumberStyles plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (forNull is { } otherwise && reader.TokenType == JsonTokenType.Null)
            return otherwise;
        var value = double.NaN;
        var readable = reader.TokenType switch
        {
            JsonTokenType.Number => reader.TryGetDouble(out value),
            JsonTokenType.String => double.TryParse(reader.GetString(), plain, CultureInfo.InvariantCulture, out value),
            _ => false,
        };
        if (readable && double.IsFinite(value))
            return value;
        var at = index < 0 ? field : $"{field}[{index}]";
        _faults.Record(_pool, _path + at, origin + (int)reader.TokenStartIndex, "must be a finite number");
        return 0;
    }

    private string? TextAt(JsonMember member)
    {
        var reader = new Utf8JsonReader(_bytes.Slice(member.Start, member.Length));
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
            return reader.GetString();
        _faults.Record(_pool, _path + member.Name, member.Start, "must be a text");
        return null;
    }
}
