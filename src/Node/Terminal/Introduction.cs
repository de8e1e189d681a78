using QTrade.Markets;
using QTrade.Node.Cluster;
using QTrade.Node.Configuration;
using QTrade.Node.Explanations;

namespace QTrade.Node.Terminal;

/// <summary>The first lines of a run: what this is, what it does with money, and what its words mean.</summary>
internal static class Introduction
{
    private const int TokensNamed = 3;

    public static IEnumerable<string> Lines(string version, NodeOptions options, Market market, string journalPath)
    {
        string pools = options.Feed == FeedKind.Simulated ? $"the {market.Pools.Length:N0} pools of market {market.Name}" : "the pools that its feed finds";
        yield return $"QTrade {version}: one node that looks for arbitrage over {pools} and proves how good each answer is.";
        yield return $"Feed: {Feed(options)}. Execution: on paper - nothing leaves this program.";
        yield return $"Journal: {journalPath}";
        yield return "Certified gap: how much more than this profit any trade could earn at most, relative to a proven upper bound; 1e-9 is a billionth.";
        string worth = options.Feed == FeedKind.Simulated ? $"the market states what its tokens are worth ({new MarketText(market).Values(TokensNamed)})" : "qtrade.solana.values states what tokens are worth";
        yield return $"Profit: in value units, the unit in which {worth}, after pool fees; paper profit is after costs too.";
        yield return "Ctrl-C drains and leaves; the next start resumes from the journal.";
    }

    private static string Feed(NodeOptions options) => options.Feed switch
    {
        FeedKind.Simulated when options.Drive.Kind == DriveKind.Tape => $"a simulated chain as a tape, seed {options.Simulation.Seed}, cut every {options.Drive.CutEvery:N0} observations, as fast as it is decided",
        FeedKind.Simulated => $"a simulated chain, seed {options.Simulation.Seed}, {options.Simulation.Rate:0.###} updates/s, started from that market",
        _ when !ClusterLinks.MayFeed(options.Cluster) => "another node's of the cluster follows the chain",
        FeedKind.Solana => $"accounts of Solana, {options.Solana.Commitment.ToString().ToLowerInvariant()}{(options.Solana.Record.Length > 0 ? $", recorded to {options.Solana.Record}" : string.Empty)}",
        FeedKind.Recorded => $"the tape {options.Solana.Tape}, {(options.Solana.Speed == "max" ? "as fast as can be" : $"{options.Solana.Speed} times as fast as recorded")}",
        var feed => throw new ArgumentOutOfRangeException(nameof(options), feed, "not a feed"),
    };
}
