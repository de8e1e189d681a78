namespace QTrade.Cluster.Tests;

/// <summary>Where a node finds what it needs.</summary>
/// <param name="Broker">The broker, with its credentials.</param>
/// <param name="Journal">The database, without its password.</param>
/// <param name="Password">The database's password.</param>
/// <param name="Folder">A folder to work in.</param>
internal sealed record NodeAddresses(Uri Broker, string Journal, string Password, string Folder)
{
    /// <summary>Where it is asked; 0: where there is room.</summary>
    public int AdminPort { get; init; }
}
