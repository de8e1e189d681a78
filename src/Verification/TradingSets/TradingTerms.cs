using QTrade.Verification.Arithmetic;

namespace QTrade.Verification.TradingSets;

/// <summary>
/// What every kind of pool has beside its curve: the fees on what goes in and on what comes out, which may depend on the token, and the trading bounds.
/// </summary>
/// <param name="fee">On what goes in.</param>
/// <param name="feeOut">On what comes out.</param>
/// <param name="maxTender">Per token; empty for none.</param>
/// <param name="tokenFees">Per token, on what the fee leaves; empty for none.</param>
/// <param name="tokenFeesOut">Per token, on what the fee on what comes out leaves; empty for none.</param>
internal sealed class TradingTerms(
    double fee, double feeOut, ReadOnlySpan<double> maxTender, ReadOnlySpan<double> tokenFees, ReadOnlySpan<double> tokenFeesOut)
{
    private readonly double[] bounds = maxTender.ToArray();
    private readonly Real[] kept = Kept(tokenFees), keptOut = Kept(tokenFeesOut);
    private readonly Real gamma = Real.One - fee, outFactor = Real.One - feeOut;

    /// <summary>Whether the fees differ from token to token.</summary>
    public bool DependOnToken => kept.Length + keptOut.Length > 0;

    /// <summary>gamma = (1 - fee) (1 - tokenFees) of a token that goes in.</summary>
    public Real Gamma(int token) => kept.Length == 0 ? gamma : gamma * kept[token];

    /// <summary>1 - tokenFees of a token that goes in.</summary>
    public Real TokenGamma(int token) => kept.Length == 0 ? Real.One : kept[token];

    /// <summary>(1 - feeOut) (1 - tokenFeesOut) of a token that comes out.</summary>
    public Real OutFactor(int token) => keptOut.Length == 0 ? outFactor : outFactor * keptOut[token];

    /// <summary>The most that may be tendered of the token; null where nothing bounds it.</summary>
    public Real? MaxTender(int token) => token < bounds.Length && double.IsFinite(bounds[token]) ? bounds[token] : null;

    /// <summary>R + gamma Delta - Lambda / (1 - feeOut).</summary>
    public Real After(int token, double reserve, double tender, double receive)
    {
        Real after = reserve;
        if (tender != 0)
            after += Gamma(token) * tender;
        return receive != 0 ? after - receive / OutFactor(token) : after;
    }

    private static Real[] Kept(ReadOnlySpan<double> fees)
    {
        var kept = new Real[fees.Length];
        for (int k = 0; k < kept.Length; k++)
            kept[k] = Real.One - fees[k];
        return kept;
    }
}
