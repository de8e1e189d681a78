using QTrade.Verification.Arithmetic;

namespace QTrade.Verification.TradingSets;

/// <summary>What every kind of pool has beside its curve: the fee on what goes in and on what comes out, and the trading bounds.</summary>
internal sealed class TradingTerms(double fee, double feeOut, ReadOnlySpan<double> maxTender)
{
    private readonly double[] bounds = maxTender.ToArray();

    /// <summary>gamma = 1 - fee.</summary>
    public Real Gamma { get; } = Real.One - fee;

    /// <summary>1 - feeOut.</summary>
    public Real OutFactor { get; } = Real.One - feeOut;

    /// <summary>The most that may be tendered of the token; null where nothing bounds it.</summary>
    public Real? MaxTender(int token) => token < bounds.Length && double.IsFinite(bounds[token]) ? bounds[token] : null;

    /// <summary>R + gamma Delta - Lambda / (1 - feeOut).</summary>
    public Real After(double reserve, double tender, double receive)
    {
        Real after = reserve;
        if (tender != 0)
            after += Gamma * tender;
        return receive != 0 ? after - receive / OutFactor : after;
    }
}
