using System.Globalization;
using System.Net;
using QTrade.Broker.RabbitMq;
using QTrade.Hocon;
using QTrade.Hocon.Configuration;

namespace QTrade.Lighthouse;

/// <summary>The one place where layers become settings. Highest wins: command line, environment, the file of <c>--config</c>, <c>hocon/lighthouse.conf</c>, defaults in code.</summary>
internal static class LighthouseSettings
{
    private const string Root = "qtrade:lighthouse:";
    private const string EnvironmentPrefix = "QTRADE__LIGHTHOUSE__";

    private static readonly string[] Keys = ["name", "address", "port", "token-file", "broker", "broker-file", "cluster"];

    /// <summary>The settings, or one line that says what is wrong with them.</summary>
    /// <param name="given">Those of the command line, by key.</param>
    /// <param name="variables">The process's environment.</param>
    /// <param name="configFile">The file of <c>--config</c>; null for none.</param>
    /// <param name="hoconFolder">The folder with the program's own files.</param>
    public static (LighthouseOptions? Options, string? Error) Read(
        IEnumerable<KeyValuePair<string, string>> given, IReadOnlyDictionary<string, string> variables, string? configFile, string hoconFolder)
    {
        var values = new Dictionary<string, (string Text, string Origin)>(StringComparer.OrdinalIgnoreCase);
        try
        {
            AddFile(Path.Combine(hoconFolder, "lighthouse.conf"), optional: true);
            if (configFile is not null)
                AddFile(configFile, optional: false);
        }
        catch (HoconException broken)
        {
            return (null, broken.Message);
        }

        foreach ((string name, string text) in variables)
            if (name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
                values[name[EnvironmentPrefix.Length..].Replace('_', '-').ToLowerInvariant()] = (text, $"environment variable {name}");
        foreach ((string key, string text) in given)
            values[key] = (text, $"option --{key}");
        return Make(values);

        void AddFile(string path, bool optional)
        {
            var provider = new HoconConfigurationProvider(new HoconConfigurationSource { Path = path, Optional = optional, Environment = variables.GetValueOrDefault });
            provider.Load();
            foreach ((string key, HoconOrigin origin) in provider.Origins)
                if (key.StartsWith(Root, StringComparison.OrdinalIgnoreCase) && provider.TryGet(key, out string? text) && text is not null)
                    values[key[Root.Length..]] = (text, origin.ToString());
        }
    }

    private static (LighthouseOptions? Options, string? Error) Make(Dictionary<string, (string Text, string Origin)> values)
    {
        var options = new LighthouseOptions();
        foreach ((string key, (string text, string origin)) in values)
        {
            string? fault = null;
            Uri? broker = null;
            switch (key)
            {
                case "name" when IsName(text):
                    options = options with { Name = text };
                    break;
                case "cluster" when IsName(text):
                    options = options with { Cluster = text };
                    break;
                case "broker":
                    // It holds a password and is not shown.
                    if (text.Length > 0 && RabbitTransportOptions.TryReadUri(text, out broker) is { } wrong)
                        return (null, $"{origin}: qtrade.lighthouse.broker: {wrong}");
                    options = options with { Broker = broker };
                    break;
                case "broker-file":
                    options = options with { BrokerFile = text };
                    break;
                case "address" when IPAddress.TryParse(text, out IPAddress? address):
                    options = options with { Address = address };
                    break;
                case "port" when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= IPEndPoint.MaxPort:
                    options = options with { Port = port };
                    break;
                case "token-file":
                    options = options with { TokenFile = text };
                    break;
                case "name" or "cluster":
                    fault = $"must be 1 to {RabbitTransportOptions.NameLengthMax} letters, digits, dots, dashes and underscores";
                    break;
                case "address":
                    fault = "must be an IP address, for instance 127.0.0.1";
                    break;
                case "port":
                    fault = $"must be a whole number from 0 to {IPEndPoint.MaxPort}";
                    break;
                default:
                    return (null, $"{origin}: qtrade.lighthouse.{key} is no setting; there are {string.Join(", ", Keys)}");
            }

            if (fault is not null)
                return (null, $"{origin}: qtrade.lighthouse.{key} = '{text}' {fault}");
        }

        return (options, null);
    }

    private static bool IsName(string text) =>
        text.Length is > 0 and <= RabbitTransportOptions.NameLengthMax && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
}
