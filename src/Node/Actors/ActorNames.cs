namespace QTrade.Node.Actors;

/// <summary>Names of actors from ids that come from outside.</summary>
internal static class ActorNames
{
    /// <summary>The id itself; a slash, which paths are made of, is escaped.</summary>
    public static string Of(string id) => id.Contains('/') || id.Contains('%')
        ? id.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal)
        : id;
}
