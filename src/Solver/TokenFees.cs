using System.Collections.Immutable;
using QTrade.Solver.Arithmetic;

namespace QTrade.Solver;

/// <summary>
/// Fees that depend on the token, on top of a pool's own: of an input of token k the curve gets (1 - fee) (1 - In[k]), of an output of token k the trader gets
/// (1 - feeOut) (1 - Out[k]).
/// </summary>
/// <param name="tokenFees">On what goes in, one per token of the pool in [0, 1); empty for none.</param>
/// <param name="tokenFeesOut">On what comes out, likewise.</param>
public sealed class TokenFees(ImmutableArray<double> tokenFees, ImmutableArray<double> tokenFeesOut)
{
    /// <summary>On what goes in, one per token; empty for none.</summary>
    public ImmutableArray<double> In { get; } = tokenFees.IsDefault ? [] : tokenFees;

    /// <summary>On what comes out, one per token; empty for none.</summary>
    public ImmutableArray<double> Out { get; } = tokenFeesOut.IsDefault ? [] : tokenFeesOut;

    /// <summary>What these and the pool's own fees leave, of what goes in of each token and then of what comes out; null where these are out of range.</summary>
    internal DoubleDouble[]? Gammas(int tokenCount, DoubleDouble gamma, DoubleDouble gammaOut)
    {
        if (Defect(tokenCount) is not null)
            return null;
        var kept = new DoubleDouble[2 * tokenCount];
        for (int k = 0; k < tokenCount; k++)
        {
            kept[k] = Kept(gamma, In, k);
            kept[tokenCount + k] = Kept(gammaOut, Out, k);
        }

        return kept;
    }

    /// <summary>What a token's fee leaves of what another fee left.</summary>
    internal static DoubleDouble Kept(DoubleDouble gamma, ImmutableArray<double> fees, int token) =>
        fees.IsEmpty ? gamma : gamma * DoubleDouble.Sum(1, -fees[token]);

    /// <summary>What is out of range, in words, or null.</summary>
    internal string? Defect(int tokenCount) => Defect("tokenFees", In, tokenCount) ?? Defect("tokenFeesOut", Out, tokenCount);

    private static string? Defect(string name, ImmutableArray<double> fees, int tokenCount)
    {
        if (fees.IsEmpty)
            return null;
        if (fees.Length != tokenCount)
            return $"{name} has {fees.Length} entries for {tokenCount} tokens";
        foreach (double fee in fees)
        {
            if (!(fee >= 0 && fee < 1))
                return $"{name} holds {fee}: a fee must be in [0, 1)";
        }

        return null;
    }
}
