using System.Collections.Immutable;

namespace QTrade.Node.Configuration;

/// <summary>Where a node's settings come from.</summary>
public sealed record ConfigurationRequest
{
    /// <summary>Folder of the common file <c>common.conf</c> and of the role's file.</summary>
    public required string HoconFolder { get; init; }

    /// <summary>The role whose file <c>[role].conf</c> counts.</summary>
    public string Role { get; init; } = "node";

    /// <summary>The file named by <c>--config</c>; null where none is.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The process's environment; <c>QTRADE__ROUTER__MIN_INTERVAL</c> sets <c>qtrade.router.min-interval</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Settings given on the command line.</summary>
    public ImmutableArray<CommandLineSetting> CommandLine { get; init; } = [];
}
