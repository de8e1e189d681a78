using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;
using QTrade.Hocon;
using QTrade.Hocon.Configuration;

namespace QTrade.Node.Configuration;

/// <summary>One layer of configuration: its values, and where in it each stands.</summary>
internal sealed class ConfigurationLayer
{
    /// <summary>Name of the highest layer.</summary>
    public const string CommandLineName = "command line";

    private const string Root = "qtrade";
    private const string EnvironmentPrefix = "QTRADE__";
    private readonly IConfigurationProvider _provider;
    private readonly ImmutableSortedDictionary<string, string> _origins;

    private ConfigurationLayer(string name, IConfigurationProvider provider, IEnumerable<KeyValuePair<string, string>> origins)
    {
        Name = name;
        _provider = provider;
        _origins = origins.ToImmutableSortedDictionary(StringComparer.OrdinalIgnoreCase);
    }

    public string Name { get; }

    /// <summary>Keys under <c>qtrade</c> that this layer sets, in order.</summary>
    public IEnumerable<string> Keys => _origins.Keys;

    public string OriginOf(string key) => _origins[key];

    /// <summary>Whether this layer sets the key; a null sets it back to its default.</summary>
    public bool TryGet(string key, out string? value) =>
        _provider.TryGet(ConfigurationPath.Combine([Root, .. key.Split('.')]), out value) && _origins.ContainsKey(key);

    /// <exception cref="HoconException">The file cannot be used.</exception>
    public static ConfigurationLayer File(string name, string path, bool optional, IReadOnlyDictionary<string, string> environment)
    {
        var source = new HoconConfigurationSource { Path = path, Optional = optional, Environment = environment.GetValueOrDefault };
        var provider = new HoconConfigurationProvider(source);
        provider.Load();
        IEnumerable<KeyValuePair<string, string>> origins =
            from origin in provider.Origins
            where origin.Key.StartsWith($"{Root}:", StringComparison.OrdinalIgnoreCase) || origin.Key.Equals(Root, StringComparison.OrdinalIgnoreCase)
            select KeyValuePair.Create(origin.Key[Math.Min(origin.Key.Length, Root.Length + 1)..].Replace(':', '.'), origin.Value.ToString());
        return new ConfigurationLayer(name, provider, origins);
    }

    public static ConfigurationLayer Environment(IReadOnlyDictionary<string, string> environment) =>
        Pairs("environment",
            from variable in environment
            where variable.Key.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase)
            orderby variable.Key
            select (KeyOfVariable(variable.Key), variable.Value, $"environment variable {variable.Key}"));

    public static ConfigurationLayer CommandLine(IEnumerable<CommandLineSetting> settings) =>
        Pairs(CommandLineName, settings.Select(setting => (setting.Key, setting.Value, $"option {setting.Option}")));

    private static string KeyOfVariable(string name) =>
        name[EnvironmentPrefix.Length..].Replace("__", ".", StringComparison.Ordinal).Replace('_', '-').ToLowerInvariant();

    /// <summary>Of two values for one key the last counts.</summary>
    private static ConfigurationLayer Pairs(string name, IEnumerable<(string Key, string Value, string Origin)> pairs)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var origins = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string key, string value, string origin) in pairs)
        {
            values[ConfigurationPath.Combine([Root, .. key.Split('.')])] = value;
            origins[key] = origin;
        }

        IConfigurationRoot root = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        return new ConfigurationLayer(name, root.Providers.Single(), origins);
    }
}
