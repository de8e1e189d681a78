using System.Collections.Immutable;

namespace QTrade.Web.Admin;

/// <summary>One question or command for a node, complete in itself, so that whoever receives it may pass it on.</summary>
/// <param name="Id">The caller's name for it, which the answer repeats.</param>
/// <param name="Node">The node it is for; null: whichever receives it.</param>
/// <param name="Command">Palette and command, for instance <c>executor halt</c>.</param>
/// <param name="Arguments">Its arguments by name.</param>
/// <param name="User">Who asks, as the caller says.</param>
public sealed record AdminRequest(string Id, string? Node, string Command, ImmutableSortedDictionary<string, string> Arguments, string User)
{
    /// <summary>Longest id, node, command and user.</summary>
    public const int NameLengthMax = 200;

    /// <summary>Most arguments.</summary>
    public const int ArgumentsMax = 16;

    /// <summary>Where it came from, as whoever listens saw it; never read from a request.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Origin { get; init; } = string.Empty;

    /// <summary>The node that passed it on, since another than itself was meant; null where none did. Whoever gets it passes it on no further.</summary>
    public string? By { get; init; }

    /// <summary>The argument of that name; null where it is not given.</summary>
    public string? this[string argument] => Arguments.GetValueOrDefault(argument);

    /// <summary>The user's name with where it came from and who passed it on, for the node that then gets it.</summary>
    public string UserBy(string who)
    {
        string user = $"{User} ({Origin} by {who})";
        return user.Length <= NameLengthMax ? user : user[..NameLengthMax];
    }

    /// <summary>What is wrong with it; null where nothing is.</summary>
    internal string? Fault() =>
        Id is null || Id.Length > NameLengthMax ? $"id must be a text of at most {NameLengthMax} characters"
        : Node?.Length > NameLengthMax ? $"node must be a text of at most {NameLengthMax} characters"
        : By?.Length > NameLengthMax ? $"by must be a text of at most {NameLengthMax} characters"
        : string.IsNullOrWhiteSpace(Command) || Command.Length > NameLengthMax ? $"command must be a text of 1 to {NameLengthMax} characters"
        : User is null || User.Length > NameLengthMax ? $"user must be a text of at most {NameLengthMax} characters"
        : Arguments is null || Arguments.Count > ArgumentsMax ? $"arguments must be an object of at most {ArgumentsMax} texts"
        : Arguments.Values.Any(value => value is null) ? "arguments must be texts"
        : null;
}
