using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using QTrade.Broker.RabbitMq;
using QTrade.Messages.Cluster;
using QTrade.Node.Configuration;
using QTrade.Node.Feeds;
using QTrade.Node.Verbs;

namespace QTrade.Node.Cluster;

/// <summary>Opens a node's link to the cluster that the configuration names.</summary>
internal static class ClusterLinks
{
    /// <summary>Most bytes of a file that holds a broker's address.</summary>
    private const int AddressLengthMax = 4_096;

    /// <param name="options">The node's settings.</param>
    /// <param name="environment">What surrounds the program.</param>
    /// <param name="feed">What its feed follows, in short; null where it is none of a chain's.</param>
    /// <param name="log">Hears of lost connections and of those that stand again.</param>
    /// <param name="link">The link; null where no cluster is named.</param>
    /// <param name="refusal">One line that says why there is none and what to do; never holds the address.</param>
    public static bool TryOpen(
        NodeOptions options, ProgramEnvironment environment, string? feed, ILogger log, out ClusterLink? link, [NotNullWhen(false)] out string? refusal)
    {
        link = null;
        refusal = null;
        var cluster = options.Cluster;
        if (!cluster.IsOn)
            return true;
        if (options.Journal.Kind != JournalKind.Postgres)
            refusal = "the nodes of a cluster share a journal: set qtrade.journal.kind = postgres, or leave qtrade.cluster.broker empty";
        else if (!TryReadAddress(cluster, environment, out var text, out refusal))
            return false;
        else if (RabbitTransportOptions.TryReadUri(text, out var uri) is { } wrong)
            refusal = $"{(cluster.Broker.Length > 0 ? "qtrade.cluster.broker" : cluster.BrokerFile)}: {wrong}";
        else
        {
            var started = environment.Time.GetUtcNow();
            var node = cluster.Node.Length > 0 ? cluster.Node : Environment.MachineName;
            var transport = new RabbitTransport(
                new RabbitTransportOptions { Broker = uri!, Cluster = cluster.Name, Node = node }, environment.Time, line => log.Fault(line));
            link = new ClusterLink
            {
                Transport = transport,
                Roles = RolesOf(cluster.Roles),
                Incarnation = started.ToUnixTimeMilliseconds(),
                Version = ProgramVersion.Current,
                Feed = feed ?? FeedNames.Of(options.Feed),
            };
        }

        return refusal is null;
    }

    /// <summary>Whether the node may act as the feed: alone it always does, in a cluster where its roles say so.</summary>
    public static bool MayFeed(ClusterOptions cluster) => !cluster.IsOn || RolesOf(cluster.Roles).HasFlag(NodeRoles.Feed);

    private static NodeRoles RolesOf(string roles)
    {
        var all = NodeRoles.None;
        foreach (var role in roles.Split(',', StringSplitOptions.TrimEntries))
            all |= Enum.Parse<NodeRoles>(role, ignoreCase: true);
        return all;
    }

    private static bool TryReadAddress(ClusterOptions cluster, ProgramEnvironment environment, out string text, [NotNullWhen(false)] out string? refusal)
    {
        (text, refusal) = (cluster.Broker, null);
        if (text.Length > 0)
            return true;
        var path = environment.Locate(cluster.BrokerFile);
        try
        {
            if (new FileInfo(path).Length > AddressLengthMax)
                refusal = $"{path}: it is longer than any broker's address: write the address and nothing else";
            else
                text = File.ReadAllText(path).Trim();
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            refusal = $"{path}: the broker's address cannot be read ({broken.Message}): correct qtrade.cluster.broker-file";
        }

        return refusal is null;
    }
}
