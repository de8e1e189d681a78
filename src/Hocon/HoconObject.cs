using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace QTrade.Hocon;

/// <summary>Named values, in the order in which their names first appear. Names are compared character by character.</summary>
public sealed class HoconObject : HoconValue
{
    private readonly Dictionary<string, HoconValue> _byName;

    internal HoconObject(ImmutableArray<KeyValuePair<string, HoconValue>> fields, HoconOrigin origin)
        : base(origin)
    {
        Fields = fields;
        _byName = fields.ToDictionary(StringComparer.Ordinal);
    }

    public ImmutableArray<KeyValuePair<string, HoconValue>> Fields { get; }

    /// <summary>The value under one name (no dotted path).</summary>
    public bool TryGetField(string name, [NotNullWhen(true)] out HoconValue? value) => _byName.TryGetValue(name, out value);

    /// <summary>The value at a path of names, from this object down.</summary>
    public bool TryGet([NotNullWhen(true)] out HoconValue? value, params ReadOnlySpan<string> path)
    {
        value = this;
        foreach (string name in path)
            if (value is not HoconObject parent || !parent.TryGetField(name, out value))
            {
                value = null;
                return false;
            }

        return true;
    }

    /// <summary>
    /// The object as a list where a list is wanted: the values under whole numbers, in their order; other names are left out. False if
    /// there is no such name.
    /// </summary>
    public bool TryToArray([NotNullWhen(true)] out HoconArray? array)
    {
        var indexed = Fields.Where(field => IsIndex(field.Key)).OrderBy(field => Index(field.Key)).Select(field => field.Value).ToImmutableArray();
        array = indexed.IsEmpty ? null : new HoconArray(indexed, Origin);
        return array is not null;
    }

    public override string ToString() => $"{{{string.Join(", ", Fields.Select(field => $"{field.Key}: {field.Value}"))}}}";

    internal static bool IsIndex(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    internal static int Index(string name) => int.Parse(name, NumberStyles.None, CultureInfo.InvariantCulture);
}
