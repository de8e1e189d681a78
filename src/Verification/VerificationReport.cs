using System.Collections.Immutable;

namespace QTrade.Verification;

/// <summary>What came out of checking a result against its market.</summary>
/// <param name="Checks">Every check that was made, in the order of the result's reading.</param>
/// <param name="Summary">One line for a person: what holds, or what does not and where.</param>
public sealed record VerificationReport(ImmutableArray<VerificationCheck> Checks, string Summary)
{
    /// <summary>All checks hold.</summary>
    public bool Verified => Checks.All(check => check.Ok);

    /// <summary>The check of this name, or null where it was not made.</summary>
    public VerificationCheck? Find(string name) => Checks.FirstOrDefault(check => check.Name == name);
}
