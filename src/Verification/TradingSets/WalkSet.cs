using QTrade.Verification.Arithmetic;

namespace QTrade.Verification.TradingSets;

/// <summary>
/// A two-token pool that trades piece by piece (tick intervals, bins). A trade that tenders and receives the same token is first netted at
/// the best fee; what is left of each direction is compared with the most that its tender buys.
/// </summary>
internal abstract class WalkSet(TradingTerms terms) : TradingSet
{
    protected TradingTerms Terms { get; } = terms;

    /// <summary>gamma of the cheapest way into the pool for the token.</summary>
    protected abstract Real BestGamma(int token);

    public sealed override Real Fall(ReadOnlySpan<double> tender, ReadOnlySpan<double> receive)
    {
        Span<Real> tenders = [tender[0], tender[1]];
        Span<Real> receives = [receive[0], receive[1]];
        for (int token = 0; token < 2; token++)
        {
            Real straight = BestGamma(token) * Terms.OutFactor(token);
            Real passed = Real.Min(tenders[token], receives[token] / straight);
            tenders[token] -= passed;
            // What the netting used up exactly leaves no rounding behind.
            receives[token] = tenders[token].IsZero ? receives[token] - passed * straight : Real.Zero;
        }
        return Real.Max(Excess(0, tenders[0], receives[1]), Excess(1, tenders[1], receives[0]));
    }

    public sealed override int Overdrawn(ReadOnlySpan<double> tender, ReadOnlySpan<double> receive)
    {
        for (int token = 0; token < 2; token++)
        {
            if (receive[token] == 0)
                continue;
            Real most = Holding(token) + BestGamma(token) * tender[token];
            // Holdings of tick intervals are irrational: the bound is met to the same 1e-12 as the invariant.
            if (receive[token] / Terms.OutFactor(token) > most + most * 1e-12)
                return token;
        }
        return -1;
    }

    /// <summary>The most that a tender (before fees) buys, after all fees.</summary>
    protected abstract Real MostReceived(int tokenIn, Real tender);

    /// <summary>All that the pool holds of the token.</summary>
    protected abstract Real Holding(int token);

    private Real Excess(int tokenIn, Real tender, Real received)
    {
        if (received.Sign <= 0)
            return Real.Zero;
        Real most = tender.IsZero ? Real.Zero : MostReceived(tokenIn, tender);
        if (received <= most)
            return Real.Zero;
        return most.IsZero ? Real.One : (received - most) / most;
    }
}
