namespace QTrade.Node.Configuration;

/// <summary>A setting as it counts.</summary>
/// <param name="Key">Its whole key, for instance <c>qtrade.router.min-interval</c>.</param>
/// <param name="Value">Its value, written so that a HOCON file could hold it.</param>
/// <param name="Layer">The layer that set it.</param>
/// <param name="Origin">Where in that layer: file, line and column, variable, or option; empty for a default.</param>
public sealed record EffectiveSetting(string Key, string Value, string Layer, string Origin);
