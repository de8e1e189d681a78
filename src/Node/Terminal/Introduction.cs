using QTrade.Markets;
using QTrade.Node.Configuration;
using QTrade.Node.Explanations;

namespace QTrade.Node.Terminal;

/// <summary>The first lines of a run: what this is, what it does with money, and what its words mean.</summary>
internal static class Introduction
{
    private const int TokensNamed = 3;

    public static IEnumerable<string> Lines(string version, NodeOptions options, Market market, string journalPath)
    {
        yield return $"QTrade {version}: one node that looks for arbitrage over the {market.Pools.Length:N0} pools of market {market.Name} and proves how good each answer is.";
        yield return $"Feed: a simulated chain, seed {options.Simulation.Seed}, {options.Simulation.Rate:0.###} updates/s, started from that market. Execution: on paper - nothing leaves this program.";
        yield return $"Journal: {journalPath}";
        yield return "Certified gap: how much more than this profit any trade could earn at most, relative to a proven upper bound; 1e-9 is a billionth.";
        yield return $"Profit: in value units, the unit in which the market states what its tokens are worth ({new MarketText(market).Values(TokensNamed)}), after pool fees; paper profit is after costs too.";
        yield return "Ctrl-C drains and leaves; the next start resumes from the journal.";
    }
}
