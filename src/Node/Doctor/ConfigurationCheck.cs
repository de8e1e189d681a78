using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Node.Configuration;

namespace QTrade.Node.Doctor;

/// <summary>The settings and the market that they name.</summary>
internal static class ConfigurationCheck
{
    public static IEnumerable<Finding> Look(NodeConfiguration configuration, Func<string, string> locate)
    {
        foreach (string problem in configuration.Problems)
            yield return new Finding("configuration", Health.Bad, problem, "correct it there; qtrade config shows every setting and its origin");
        if (configuration.Problems.IsEmpty)
        {
            int set = configuration.Settings.Count(setting => setting.Origin.Length > 0);
            yield return new Finding("configuration", Health.Good, $"{configuration.Settings.Length} settings, {set} of them set, the others defaults");
        }

        string path = locate(configuration.Options.Market);
        yield return MarketFile.TryReadFile(path, out Market? market, out _, out MarketFileError? error)
            ? new Finding("market", Health.Good, $"{path}: {market.Pools.Length:N0} pools, {market.Tokens.Length:N0} tokens")
            : new Finding("market", Health.Bad, error.ToString(), "name another file with --market");
    }
}
