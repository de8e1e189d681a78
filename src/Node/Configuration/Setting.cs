using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text;

namespace QTrade.Node.Configuration;

/// <summary>One setting: its key under <c>qtrade</c> and the property of <see cref="NodeOptions"/> that holds it.</summary>
internal sealed class Setting
{
    private readonly PropertyInfo? _group;
    private readonly PropertyInfo _property;

    private Setting(PropertyInfo? group, PropertyInfo property)
    {
        _group = group;
        _property = property;
        Group = group is null ? null : KeyOf(group.Name);
        Key = group is null ? KeyOf(property.Name) : $"{Group}.{KeyOf(property.Name)}";
        IsSize = property.GetCustomAttribute<SizeRangeAttribute>() is not null;
        IsSecret = property.GetCustomAttribute<SecretAttribute>() is not null;
        Rules = [.. property.GetCustomAttributes<ValidationAttribute>()];
    }

    /// <summary>Every setting there is, in the order in which the options list them.</summary>
    public static IReadOnlyList<Setting> All { get; } = [.. typeof(NodeOptions).GetProperties().SelectMany(Of)];

    /// <summary>Names of the groups of settings.</summary>
    public static IReadOnlySet<string> Groups { get; } = All.Select(setting => setting.Group).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>For instance <c>router.min-interval</c>.</summary>
    public string Key { get; }

    public string? Group { get; }

    public Type Type => _property.PropertyType;

    /// <summary>Whether a whole number counts bytes.</summary>
    public bool IsSize { get; }

    /// <summary>Whether its value is shown nowhere.</summary>
    public bool IsSecret { get; }

    public IReadOnlyList<ValidationAttribute> Rules { get; }

    public object? Get(NodeOptions options) => _property.GetValue(Holder(options));

    public void Set(NodeOptions options, object value) => _property.SetValue(Holder(options), value);

    /// <summary>Whether a rule that holds between settings names this one: by its key, or by the property of the options that the rule is of.</summary>
    public bool IsNamedBy(object holder, string member) => member == Key || (_property.Name == member && _property.DeclaringType == holder.GetType());

    public static Setting? Find(string key) => All.FirstOrDefault(setting => setting.Key.Equals(key, StringComparison.OrdinalIgnoreCase));

    private object Holder(NodeOptions options) => _group is null ? options : _group.GetValue(options)!;

    private static IEnumerable<Setting> Of(PropertyInfo property) =>
        property.PropertyType.Namespace == typeof(NodeOptions).Namespace && property.PropertyType.IsClass
            ? property.PropertyType.GetProperties().Select(member => new Setting(property, member))
            : [new Setting(null, property)];

    /// <summary><c>MinInterval</c> is written <c>min-interval</c>.</summary>
    private static string KeyOf(string name)
    {
        var key = new StringBuilder();
        foreach (char c in name)
        {
            if (char.IsAsciiLetterUpper(c) && key.Length > 0)
                key.Append('-');
            key.Append(char.ToLowerInvariant(c));
        }

        return key.ToString();
    }
}
