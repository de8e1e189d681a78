namespace QTrade.Verification;

/// <summary>One thing that was checked, and how it came out.</summary>
/// <param name="Name">What was checked, one of <see cref="CheckName"/>.</param>
/// <param name="Ok">Whether it holds.</param>
/// <param name="Worst">The worst value met, in the check's own measure; 0 where it has none.</param>
/// <param name="Where">The pool or token at which the worst value stands; null where it belongs to the whole.</param>
/// <param name="Text">One line for a person.</param>
public sealed record VerificationCheck(string Name, bool Ok, double Worst, string? Where, string Text);
