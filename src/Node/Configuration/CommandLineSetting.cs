namespace QTrade.Node.Configuration;

/// <summary>A setting given on the command line.</summary>
/// <param name="Key">Its key under <c>qtrade</c>, for instance <c>simulation.seed</c>.</param>
/// <param name="Value">What was written.</param>
/// <param name="Option">The option that gave it, for instance <c>--seed</c>.</param>
public sealed record CommandLineSetting(string Key, string Value, string Option);
