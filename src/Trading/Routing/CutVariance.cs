namespace QTrade.Trading.Routing;

/// <summary>How far prices moved from one cut to the next.</summary>
/// <param name="MeanSquare">Mean over the pools of both cuts of the squared change of the log-price.</param>
/// <param name="Seconds">Time between the cuts.</param>
public readonly record struct CutVariance(double MeanSquare, double Seconds);
