namespace QTrade.Markets.Venues;

/// <summary>Fee parameters of a Meteora DLMM pair: a base fee and one that grows with the bins crossed.</summary>
/// <param name="BaseRate">The base fee in billionths.</param>
/// <param name="VariableControl">How strongly volatility counts.</param>
/// <param name="AccumulatorMax">Cap of the volatility accumulator.</param>
public readonly record struct DlmmFees(ulong BaseRate, uint VariableControl, uint AccumulatorMax);
