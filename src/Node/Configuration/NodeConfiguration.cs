using System.Collections.Immutable;

namespace QTrade.Node.Configuration;

/// <summary>A node's settings, and where each came from.</summary>
/// <param name="Options">The settings; they count only where there is no problem.</param>
/// <param name="Settings">Every setting with the layer that set it.</param>
/// <param name="Problems">What is wrong, one line each that names place and key; a node with a problem does not start.</param>
public sealed record NodeConfiguration(NodeOptions Options, ImmutableArray<EffectiveSetting> Settings, ImmutableArray<string> Problems);
