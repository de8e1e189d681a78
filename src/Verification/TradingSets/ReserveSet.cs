using QTrade.Verification.Arithmetic;

namespace QTrade.Verification.TradingSets;

/// <summary>A pool that is its reserves and one invariant over R + gamma Delta - Lambda / (1 - feeOut).</summary>
internal abstract class ReserveSet(TradingTerms terms, ReadOnlySpan<double> reserves) : TradingSet
{
    private readonly double[] reserves = reserves.ToArray();

    protected TradingTerms Terms { get; } = terms;

    protected ReadOnlySpan<double> Reserves => reserves;

    /// <summary>A pool without one of its reserves trades nothing; linear pools override this.</summary>
    protected virtual bool Idle => reserves.AsSpan().Contains(0.0);

    public sealed override Real Fall(ReadOnlySpan<double> tender, ReadOnlySpan<double> receive)
    {
        if (Idle)
            return receive.ContainsAnyExcept(0.0) ? Real.One : Real.Zero;
        var after = new Real[reserves.Length];
        for (int i = 0; i < after.Length; i++)
            after[i] = Terms.After(i, reserves[i], tender[i], receive[i]);
        return Real.Max(Real.Zero, RelativeFall(after));
    }

    public sealed override int Overdrawn(ReadOnlySpan<double> tender, ReadOnlySpan<double> receive)
    {
        for (int i = 0; i < reserves.Length; i++)
        {
            if (Terms.After(i, reserves[i], tender[i], receive[i]).Sign < 0)
                return i;
        }
        return -1;
    }

    /// <summary>1 - phi(after) / phi(R); an empty reserve in a pool that cannot be emptied is a fall by the whole.</summary>
    protected abstract Real RelativeFall(ReadOnlySpan<Real> after);
}
