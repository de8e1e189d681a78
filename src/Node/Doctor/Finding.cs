namespace QTrade.Node.Doctor;

/// <summary>What the doctor found about one thing.</summary>
/// <param name="Subject">What was looked at.</param>
/// <param name="Health">How it is.</param>
/// <param name="Text">What was found, in one line.</param>
/// <param name="Advice">What to do; empty where nothing needs doing.</param>
public sealed record Finding(string Subject, Health Health, string Text, string Advice = "");
