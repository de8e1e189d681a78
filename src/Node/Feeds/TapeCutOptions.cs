namespace QTrade.Node.Feeds;

/// <summary>Where the cuts of a tape lie.</summary>
/// <param name="CutEvery">Observations from one cut to the next, at least 1.</param>
/// <param name="Cuts">After how many cuts the tape ends; 0: it does not.</param>
public sealed record TapeCutOptions(int CutEvery, int Cuts);
