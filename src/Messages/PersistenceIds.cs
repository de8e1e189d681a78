using QTrade.Markets;
using QTrade.Messages.Execution;

namespace QTrade.Messages;

/// <summary>Names of the entities in the journal.</summary>
public static class PersistenceIds
{
    public const string Router = "router";
    public const string Executor = "executor";
    public const string Risk = "risk";
    public const string Feed = "feed";

    private const string PoolPrefix = "pool/";
    private const string ConfigurationPrefix = "config/";
    private const string TokenPrefix = "token/";
    private const string TradePrefix = "trade/";

    public static string Pool(PoolId id) => PoolPrefix + id.Value;

    public static string Configuration(PoolId id) => ConfigurationPrefix + id.Value;

    public static string Token(TokenId id) => TokenPrefix + id.Value;

    public static string Trade(TradeId id) => TradePrefix + id.Value;

    /// <summary>The pool whose reserves the entity keeps.</summary>
    public static bool TryPool(string persistenceId, out PoolId id)
    {
        id = TryRest(persistenceId, PoolPrefix, out var rest) ? new PoolId(rest) : default;
        return id != default;
    }

    /// <summary>The pool whose configuration the entity keeps.</summary>
    public static bool TryConfiguration(string persistenceId, out PoolId id)
    {
        id = TryRest(persistenceId, ConfigurationPrefix, out var rest) ? new PoolId(rest) : default;
        return id != default;
    }

    /// <summary>The token that the entity registers.</summary>
    public static bool TryToken(string persistenceId, out TokenId id)
    {
        id = TryRest(persistenceId, TokenPrefix, out var rest) ? new TokenId(rest) : default;
        return id != default;
    }

    /// <summary>The trade whose intent and outcome the entity keeps.</summary>
    public static bool TryTrade(string persistenceId, out TradeId id)
    {
        id = TryRest(persistenceId, TradePrefix, out var rest) ? new TradeId(rest) : default;
        return id != default;
    }

    private static bool TryRest(string persistenceId, string prefix, out string rest)
    {
        rest = persistenceId.StartsWith(prefix, StringComparison.Ordinal) ? persistenceId[prefix.Length..] : "";
        return rest.Length > 0;
    }
}
