using System.Text.RegularExpressions;
using QTrade.Node.Configuration;

namespace QTrade.Lighthouse.Tests;

/// <summary>What <c>docker-compose.yml</c> sets is what the programs read. That it is a compose file is checked by docker-compose itself, in continuous integration.</summary>
public sealed partial class ComposeSpecs
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "docker-compose.yml"));

    [Fact]
    public void Every_setting_of_a_node_is_one_and_right()
    {
        List<string> nodes = [.. Services().Where(service => service.StartsWith("node-", StringComparison.Ordinal))];
        Assert.NotEmpty(nodes);
        foreach (string node in nodes)
        {
            Dictionary<string, string> environment = EnvironmentOf(node);
            NodeConfiguration configuration = NodeConfigurationReader.Read(new ConfigurationRequest
            {
                HoconFolder = Path.Combine(AppContext.BaseDirectory, "hocon"),
                Environment = environment,
            });

            Assert.Empty(configuration.Problems);
            Assert.Equal(environment.Count, configuration.Settings.Count(setting => setting.Layer == "environment"));
            Assert.Equal(node, configuration.Options.Cluster.Node);
            Assert.Equal($"{node}:{configuration.Options.Admin.Port}", configuration.Options.Cluster.Advertise);
        }
    }

    [Fact]
    public void Every_setting_of_the_Lighthouse_is_one_and_right_and_it_listens_where_the_nodes_speak()
    {
        (LighthouseOptions? options, string? error) = LighthouseSettings.Read([], EnvironmentOf("lighthouse"), null, AppContext.BaseDirectory);

        Assert.Null(error);
        Assert.All(
            Services().Where(service => service.StartsWith("node-", StringComparison.Ordinal)),
            node => Assert.Equal(options!.BrokerFile, EnvironmentOf(node)["QTRADE__CLUSTER__BROKER_FILE"]));
    }

    [Fact]
    public void Nothing_is_published_beyond_loopback()
    {
        List<string> ports = [.. Lines.Where(line => line.TrimStart().StartsWith("ports:", StringComparison.Ordinal))];

        Assert.NotEmpty(ports);
        Assert.All(ports, line => Assert.Matches("""^ +ports: \["127\.0\.0\.1:\d+:\d+"\]$""", line));
        Assert.DoesNotContain(Lines, line => line.Contains("network_mode", StringComparison.Ordinal));
    }

    [Fact]
    public void A_node_has_longer_to_stop_than_it_takes_to_drain()
    {
        Match grace = Grace().Match(string.Join('\n', Lines.SkipWhile(line => line != "x-node: &node").TakeWhile(line => line.Length > 0)));

        Assert.True(TimeSpan.FromSeconds(int.Parse(grace.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)) > 3 * Node.TradingNode.DrainPatience);
    }

    private static IEnumerable<string> Services() =>
        Lines.SkipWhile(line => line != "services:").Skip(1).TakeWhile(line => line.Length == 0 || line[0] is ' ' or '#')
            .Select(line => Service().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value);

    private static IEnumerable<string> Body(string service) =>
        Lines.SkipWhile(line => line != $"  {service}:").Skip(1).TakeWhile(line => line.Length == 0 || line.StartsWith("    ", StringComparison.Ordinal));

    /// <summary>A service's own variables, and where it says so those of all nodes.</summary>
    private static Dictionary<string, string> EnvironmentOf(string service) =>
        Body(service).Concat(Body(service).Contains("      <<: *node-environment") ? Shared() : []).Select(line => Variable().Match(line)).Where(match => match.Success).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    private static IEnumerable<string> Shared() =>
        Lines.SkipWhile(line => line != "x-node-environment: &node-environment").Skip(1).TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal)).Select(line => "    " + line);

    [GeneratedRegex("^  ([a-z0-9-]+):$")]
    private static partial Regex Service();

    [GeneratedRegex("^      (QTRADE__[A-Z_0-9]+): (.+)$")]
    private static partial Regex Variable();

    [GeneratedRegex("stop_grace_period: ([0-9]+)s")]
    private static partial Regex Grace();
}
