using System.Collections.Immutable;

namespace QTrade.Node.Verbs.Pbm;

/// <summary>One command of <c>qtrade pbm</c>.</summary>
/// <param name="Path">Palette and command.</param>
/// <param name="Description">What it does, in one line.</param>
/// <param name="Example">Its arguments in an example, after the path; may be empty.</param>
internal sealed record PbmCommand(string Path, string Description, string Example = "")
{
    /// <summary>The argument that it takes by place; null for none.</summary>
    public PbmArgument? Argument { get; init; }

    /// <summary>Its options.</summary>
    public ImmutableArray<PbmArgument> Options { get; init; } = [];

    /// <summary>Whether it always streams.</summary>
    public bool Streams { get; init; }

    /// <summary>Whether it streams where <c>--follow</c> is given.</summary>
    public bool CanFollow { get; init; }
}
