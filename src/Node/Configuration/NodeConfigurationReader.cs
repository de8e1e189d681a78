using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using QTrade.Hocon;
using QTrade.Solana.Rpc;

namespace QTrade.Node.Configuration;

/// <summary>
/// The one place where layers become settings. Highest wins: command line, environment, the file of <c>--config</c>, the role's file, the
/// common file, defaults in code.
/// </summary>
public static class NodeConfigurationReader
{
    private const string DefaultLayer = "default";

    public static NodeConfiguration Read(ConfigurationRequest request)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        List<ConfigurationLayer> layers = Layers(request, problems);
        foreach (ConfigurationLayer layer in layers)
            problems.AddRange(UnknownKeys(layer));

        var options = new NodeOptions();
        var settings = ImmutableArray.CreateBuilder<EffectiveSetting>();
        foreach (Setting setting in Setting.All)
            settings.Add(Apply(setting, layers, options, problems));
        problems.AddRange(RulesBetweenSettings(options, settings, layers));
        return new NodeConfiguration(options, settings.ToImmutable(), problems.ToImmutable());
    }

    /// <summary>The layers, highest first.</summary>
    private static List<ConfigurationLayer> Layers(ConfigurationRequest request, ImmutableArray<string>.Builder problems)
    {
        List<ConfigurationLayer> layers =
        [
            ConfigurationLayer.CommandLine(request.CommandLine),
            ConfigurationLayer.Environment(request.Environment),
        ];
        if (request.ConfigFile is { } file)
            AddFile("--config file", file, optional: false);
        AddFile("role file", Path.Combine(request.HoconFolder, $"{request.Role}.conf"), optional: true);
        AddFile("common file", Path.Combine(request.HoconFolder, "common.conf"), optional: true);
        return layers;

        void AddFile(string name, string path, bool optional)
        {
            try
            {
                layers.Add(ConfigurationLayer.File(name, path, optional, request.Environment));
            }
            catch (HoconException broken)
            {
                problems.Add(broken.Message);
            }
        }
    }

    private static IEnumerable<string> UnknownKeys(ConfigurationLayer layer)
    {
        foreach (string key in layer.Keys)
        {
            if (Setting.Find(key) is not null)
                continue;
            string why = key.Length == 0 || Setting.Groups.Contains(key)
                ? "is a group of settings and holds no value of its own"
                : $"is no setting{Suggestion.Clause(key, Setting.All.Select(setting => setting.Key))}";
            yield return $"{layer.OriginOf(key)}: {Whole(key)} {why}";
        }
    }

    private static EffectiveSetting Apply(
        Setting setting, List<ConfigurationLayer> layers, NodeOptions options, ImmutableArray<string>.Builder problems)
    {
        ConfigurationLayer? layer = layers.Find(candidate => candidate.TryGet(setting.Key, out _));
        if (layer is null)
            return Effective(setting, options, DefaultLayer, string.Empty);
        string origin = layer.OriginOf(setting.Key);
        if (layer.TryGet(setting.Key, out string? text) && text is not null)
        {
            if (setting.IsSecret && ReferenceEquals(layer, layers[0]) && RpcEndpoint.MayHoldSecret(text))
                problems.Add($"{origin}: {Whole(setting.Key)} holds what may be a key, and others on this machine can read a command line: set it in the environment ({EnvironmentName(setting)}) or in the --config file");
            else if (!SettingText.TryRead(setting, text, out object? value, out string? expected))
                problems.Add($"{origin}: {Whole(setting.Key)} = '{text}' is not {expected}");
            else if (BrokenRule(setting, value!) is { } rule)
                problems.Add($"{origin}: {Whole(setting.Key)} = '{Shown(setting, text)}' {rule}");
            else
                setting.Set(options, value!);
        }

        return Effective(setting, options, layer.Name, origin);
    }

    private static EffectiveSetting Effective(Setting setting, NodeOptions options, string layer, string origin) =>
        new(Whole(setting.Key), Shown(setting, SettingText.Write(setting, setting.Get(options))), layer, origin);

    /// <summary>The text as it may be shown.</summary>
    private static string Shown(Setting setting, string text) =>
        setting.IsSecret ? text.Length > 0 ? "(set, not shown)" : text
        : setting.Rules.Any(rule => rule is PostgresConnectionAttribute) ? PostgresConnectionAttribute.Shown(text)
        : text;

    private static string EnvironmentName(Setting setting) =>
        $"QTRADE__{setting.Key.Replace(".", "__", StringComparison.Ordinal).Replace('-', '_').ToUpperInvariant()}";

    private static string? BrokenRule(Setting setting, object value) =>
        setting.Rules.FirstOrDefault(rule => !rule.IsValid(value)) switch
        {
            null => null,
            RequiredAttribute => "must not be empty",
            RangeAttribute range => FormattableString.Invariant($"must lie between {range.Minimum} and {range.Maximum}"),
            RegularExpressionAttribute { ErrorMessage: { } message } => message,
            PostgresConnectionAttribute => PostgresConnectionAttribute.Problem(value),
            var rule => rule.FormatErrorMessage(setting.Key),
        };

    private static IEnumerable<string> RulesBetweenSettings(
        NodeOptions options, IReadOnlyList<EffectiveSetting> settings, List<ConfigurationLayer> layers)
    {
        object[] holders = [options, options.Journal, options.Router, options.Queue, options.Executor, options.Simulation, options.Solana, options.Solver, options.Terminal];
        foreach (IValidatableObject holder in holders.OfType<IValidatableObject>())
            foreach (ValidationResult broken in holder.Validate(new ValidationContext(holder)))
            {
                // Of several that together break it the one that was set last is told.
                string[] named = [.. Setting.All.Where(candidate => broken.MemberNames.Any(member => candidate.IsNamedBy(holder, member))).Select(setting => Whole(setting.Key))];
                EffectiveSetting effective = settings.Where(candidate => named.Contains(candidate.Key)).MinBy(candidate => candidate.Layer == DefaultLayer ? layers.Count : layers.FindIndex(layer => layer.Name == candidate.Layer))!;
                string where = effective.Origin.Length > 0 ? effective.Origin : effective.Layer;
                yield return $"{where}: {effective.Key} = '{effective.Value}' {broken.ErrorMessage}";
            }
    }

    private static string Whole(string key) => key.Length == 0 ? "qtrade" : $"qtrade.{key}";
}
