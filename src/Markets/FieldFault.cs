namespace QTrade.Markets;

/// <summary>What is wrong with one field of a pool or market.</summary>
/// <param name="Field">The field, for instance <c>reserves[1]</c>.</param>
/// <param name="Message">What is wrong with it and what it may be.</param>
public readonly record struct FieldFault(string Field, string Message);
