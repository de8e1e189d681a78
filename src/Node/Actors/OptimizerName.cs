using System.Globalization;

namespace QTrade.Node.Actors;

/// <summary>Names of the optimizers of a cluster's nodes: <c>node.optimizer-1</c>.</summary>
internal static class OptimizerName
{
    private const string Word = ".optimizer-";

    public static string Of(string node, int number) => string.Create(CultureInfo.InvariantCulture, $"{node}{Word}{number}");

    /// <summary>Whether the optimizer is one of the node's.</summary>
    public static bool IsOf(string optimizer, string node) =>
        optimizer.StartsWith(node, StringComparison.Ordinal) && optimizer.LastIndexOf(Word, StringComparison.Ordinal) == node.Length;
}
