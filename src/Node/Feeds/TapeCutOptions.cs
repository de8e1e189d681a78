namespace QTrade.Node.Feeds;

/// <summary>Where the cuts of a tape lie.</summary>
/// <param name="Tape">Which tape (<see cref="TapeNames"/>).</param>
/// <param name="CutEvery">Observations from one cut to the next, at least 1.</param>
/// <param name="Cuts">After how many cuts the tape ends; 0: it does not.</param>
public sealed record TapeCutOptions(string Tape, int CutEvery, int Cuts);
