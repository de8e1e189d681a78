using QTrade.Verification.Arithmetic;

namespace QTrade.Verification.TradingSets;

/// <summary>
/// Weighted geometric mean of k tokens: prod R^w. With z_j = after_j / R_j the best trade maximises sum over j of
/// nu_j R_j (1 - feeOut) (1 - z_j)+ - nu_j R_j (z_j - 1)+ / gamma subject to sum w_j log z_j >= 0 and z_j at most 1 + gamma maxTender_j / R_j.
/// For a multiplier e^l the maximiser of each token is log z_j = min(l - receive_j, 0) below its receive threshold and
/// min(l - tender_j, cap_j) above its tender threshold: sum w_j log z_j(l) is piecewise linear and rising, and its zero is the optimum.
/// </summary>
internal sealed class WeightedSet : ReserveSet
{
    private readonly double[] weights;
    private readonly Real totalWeight;
    private readonly Lazy<Real>[] logGamma;
    private readonly Lazy<Real>[] logOut;

    public WeightedSet(TradingTerms terms, ReadOnlySpan<double> reserves, ReadOnlySpan<double> weights)
        : base(terms, reserves)
    {
        this.weights = weights.ToArray();
        totalWeight = Real.Zero;
        foreach (double weight in weights)
            totalWeight += weight;
        logGamma = Logarithms(terms.Gamma);
        logOut = Logarithms(terms.OutFactor);
    }

    public override Real Arbitrage(ReadOnlySpan<Real> prices)
    {
        if (Idle || !MayTrade(prices))
            return Real.Zero;
        if (HasFreeUnboundedToken(prices))
            return AllOut(prices);
        var responses = new List<Response>(weights.Length);
        Real fixedGain = Real.Zero;
        for (int j = 0; j < weights.Length; j++)
        {
            Real? cap = Terms.MaxTender(j) is { } most ? RealFunctions.Log(Real.One + Terms.Gamma(j) * most / Reserves[j]) : null;
            if (prices[j].IsZero)
                fixedGain += weights[j] * cap!.Value;
            else
                responses.Add(ResponseOf(j, prices[j], cap));
        }
        Real level = BalancingLevel(responses, fixedGain);
        Real value = Real.Zero;
        foreach (Response response in responses)
            value += response.ValueAt(level);
        return Real.Max(Real.Zero, value);
    }

    protected override Real RelativeFall(ReadOnlySpan<Real> after)
    {
        Real log = Real.Zero;
        for (int j = 0; j < weights.Length; j++)
        {
            if (after[j].Sign <= 0)
                return Real.One;
            if (after[j] != Reserves[j])
                log += weights[j] * RealFunctions.Log(after[j] / Reserves[j]);
        }
        return log.Sign >= 0 ? Real.Zero : Real.One - RealFunctions.Exp(log / totalWeight);
    }

    private Lazy<Real>[] Logarithms(Func<int, Real> factor)
    {
        var logarithms = new Lazy<Real>[weights.Length];
        for (int j = 0; j < logarithms.Length; j++)
        {
            int token = j;
            logarithms[j] = j > 0 && !Terms.DependOnToken ? logarithms[0] : new(() => RealFunctions.Log(factor(token)));
        }

        return logarithms;
    }

    /// <summary>Some pair trades at a gain: the highest receive threshold is above the lowest tender threshold.</summary>
    private bool MayTrade(ReadOnlySpan<Real> prices)
    {
        Real highestReceive = Real.Zero;
        Real? lowestTender = null;
        for (int j = 0; j < weights.Length; j++)
        {
            Real worth = prices[j] * Reserves[j] / weights[j];
            highestReceive = Real.Max(highestReceive, worth * Terms.OutFactor(j));
            Real tender = worth / Terms.Gamma(j);
            lowestTender = lowestTender is { } lowest ? Real.Min(lowest, tender) : tender;
        }
        return highestReceive > lowestTender!.Value;
    }

    private bool HasFreeUnboundedToken(ReadOnlySpan<Real> prices)
    {
        for (int j = 0; j < weights.Length; j++)
        {
            if (prices[j].IsZero && Terms.MaxTender(j) is null)
                return true;
        }
        return false;
    }

    private Real AllOut(ReadOnlySpan<Real> prices)
    {
        Real value = Real.Zero;
        for (int j = 0; j < weights.Length; j++)
            value += prices[j] * Reserves[j] * Terms.OutFactor(j);
        return value;
    }

    private Response ResponseOf(int token, Real price, Real? cap)
    {
        Real worth = price * Reserves[token];
        Real log = RealFunctions.Log(worth / weights[token]);
        return new Response(
            weights[token], log + logOut[token].Value, log - logGamma[token].Value, cap, worth * Terms.OutFactor(token), worth / Terms.Gamma(token));
    }

    private static Real BalancingLevel(List<Response> responses, Real fixedGain)
    {
        var breaks = new List<Real>(3 * responses.Count);
        foreach (Response response in responses)
        {
            breaks.Add(response.Receive);
            breaks.Add(response.Tender);
            if (response.Cap is { } cap)
                breaks.Add(response.Tender + cap);
        }
        breaks.Sort();
        Real? below = null;
        Real balanceBelow = Real.Zero;
        foreach (Real level in breaks)
        {
            Real balance = fixedGain;
            foreach (Response response in responses)
                balance += response.Weight * response.LogAt(level);
            if (balance.Sign >= 0)
                return balance.IsZero ? level : ZeroBefore(level, balance, below, balanceBelow, responses);
            (below, balanceBelow) = (level, balance);
        }
        // At the highest threshold no token is received, so the balance is not negative.
        return breaks[^1];
    }

    private static Real ZeroBefore(Real level, Real balance, Real? below, Real balanceBelow, List<Response> responses)
    {
        if (below is { } left)
            return left + (level - left) * (-balanceBelow / (balance - balanceBelow));
        // Left of every threshold all tokens are received: the slope is the sum of their weights.
        Real slope = Real.Zero;
        foreach (Response response in responses)
            slope += response.Weight;
        return level - balance / slope;
    }

    /// <summary>One token's answer to the multiplier: thresholds and cap as logarithms, worths of the whole reserve in value.</summary>
    private readonly record struct Response(Real Weight, Real Receive, Real Tender, Real? Cap, Real WorthOut, Real WorthIn)
    {
        public Real LogAt(Real level)
        {
            if (level < Receive)
                return level - Receive;
            if (level <= Tender)
                return Real.Zero;
            return Cap is { } cap ? Real.Min(cap, level - Tender) : level - Tender;
        }

        public Real ValueAt(Real level)
        {
            Real log = LogAt(level);
            if (log.IsZero)
                return Real.Zero;
            Real share = Real.One - RealFunctions.Exp(log);
            return share * (log.Sign < 0 ? WorthOut : WorthIn);
        }
    }
}
