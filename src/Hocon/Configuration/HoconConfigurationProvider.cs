using Microsoft.Extensions.Configuration;

namespace QTrade.Hocon.Configuration;

/// <summary>
/// A document's values under keys joined by <c>:</c>, list items under their index, with the place where each was written. An empty list
/// or object is the empty text under its key.
/// </summary>
public sealed class HoconConfigurationProvider(HoconConfigurationSource source) : ConfigurationProvider
{
    private readonly Dictionary<string, HoconOrigin> _origins = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where every key of this layer was written.</summary>
    public IReadOnlyDictionary<string, HoconOrigin> Origins => _origins;

    /// <exception cref="HoconException">The document cannot be used.</exception>
    public override void Load()
    {
        Data.Clear();
        _origins.Clear();
        if (Read() is not { } root)
            return;
        if (root is not HoconObject fields)
            throw new HoconException(root.Origin, "a configuration holds fields, not a list");
        AddFields(string.Empty, fields);
    }

    private HoconValue? Read()
    {
        if (source.Path is not { } path)
            return HoconReader.ReadText(source.Text ?? string.Empty, source.Name, environment: source.Environment);
        return source.Optional && !File.Exists(path) ? null : HoconReader.ReadFile(path, source.Environment);
    }

    private void AddFields(string key, HoconObject parent)
    {
        foreach ((string name, HoconValue value) in parent.Fields)
            AddValue(key.Length == 0 ? name : ConfigurationPath.Combine(key, name), value);
    }

    private void AddValue(string key, HoconValue value)
    {
        switch (value)
        {
            case HoconObject { Fields.IsEmpty: false } fields:
                AddFields(key, fields);
                break;
            case HoconArray { Items.IsEmpty: false } array:
                for (int i = 0; i < array.Items.Length; i++)
                    AddValue(ConfigurationPath.Combine(key, $"{i}"), array.Items[i]);
                break;
            case HoconScalar scalar:
                Set(key, scalar.Kind == HoconScalarKind.Null ? null : scalar.Text, value.Origin);
                break;
            default:
                Set(key, string.Empty, value.Origin);
                break;
        }
    }

    private void Set(string key, string? value, HoconOrigin origin)
    {
        if (!_origins.TryAdd(key, origin))
            throw new HoconException(origin, $"the key '{key}' is already set at {_origins[key]}: keys of a configuration may not differ in case only");
        Data[key] = value;
    }
}
