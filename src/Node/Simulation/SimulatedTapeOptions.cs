namespace QTrade.Node.Simulation;

/// <summary>Where the cuts of a simulated tape lie.</summary>
/// <param name="CutEvery">Observations from one cut to the next, at least 1.</param>
/// <param name="Cuts">After how many cuts the tape ends; 0: it does not.</param>
public readonly record struct SimulatedTapeOptions(int CutEvery, int Cuts);
