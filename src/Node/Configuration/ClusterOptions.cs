using System.ComponentModel.DataAnnotations;

namespace QTrade.Node.Configuration;

/// <summary>How the node is known to others.</summary>
public sealed class ClusterOptions
{
    /// <summary>The node's name, unique among those that announce themselves together; empty for the machine's.</summary>
    [RegularExpression("[A-Za-z0-9._-]{0,200}", ErrorMessage = "must be of letters, digits, dots, underscores and hyphens, at most 200")]
    public string Node { get; init; } = "";

    /// <summary>Host and port of the Lighthouse that the node announces itself to; empty for none.</summary>
    [HostAndPort]
    public string Lighthouse { get; init; } = "";

    /// <summary>Host and port at which the Lighthouse reaches the node's admin port; empty for where it listens.</summary>
    [HostAndPort]
    public string Advertise { get; init; } = "";
}
