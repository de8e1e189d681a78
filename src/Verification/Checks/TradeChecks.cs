using QTrade.Markets;
using QTrade.Verification.Arithmetic;
using static System.FormattableString;

namespace QTrade.Verification.Checks;

/// <summary>Feasible as printed: trading bounds, reserves and invariants of every pool, and the balance of every token.</summary>
internal static class TradeChecks
{
    /// <summary>The most by which an invariant may fall, or a token be short of its gross turnover; relative.</summary>
    public const double Tolerance = 1e-12;

    /// <summary>The shown net flow is for reading: it may carry the rounding of a sum.</summary>
    private const double ShownTolerance = 1e-9;

    public static VerificationCheck Bounds(CheckedMarket market, List<(int Pool, PoolTrade Trade)> trades)
    {
        var worst = new WorstCase();
        foreach ((int index, PoolTrade trade) in trades)
        {
            Pool pool = market.Market.Pools[index];
            for (int a = 0; a < trade.Tender.Length && !pool.MaxTender.IsDefaultOrEmpty; a++)
            {
                double bound = pool.MaxTender[a], tender = trade.Tender[a];
                if (tender > bound)
                    worst.Meet(bound > 0 ? (tender - bound) / bound : double.MaxValue, pool.Id.Value);
            }
        }
        bool ok = worst.Where is null;
        return new(CheckName.Bounds, ok, worst.Value, worst.Where, ok
            ? "no tender passes its bound"
            : Invariant($"a tender to pool '{worst.Where}' passes its maxTender by {worst.Value:G3}, relative"));
    }

    public static VerificationCheck Reserves(CheckedMarket market, List<(int Pool, PoolTrade Trade)> trades)
    {
        foreach ((int index, PoolTrade trade) in trades)
        {
            int token = market.SetOf(index)?.Overdrawn(trade.Tender.AsSpan(), trade.Receive.AsSpan()) ?? -1;
            if (token < 0)
                continue;
            Pool pool = market.Market.Pools[index];
            return new(CheckName.Reserves, false, 0, pool.Id.Value, $"pool '{pool.Id}' would give more of token '{pool.Tokens[token]}' than it holds");
        }
        return new(CheckName.Reserves, true, 0, null, "no pool gives more than it holds");
    }

    public static VerificationCheck Invariants(CheckedMarket market, List<(int Pool, PoolTrade Trade)> trades)
    {
        var worst = new WorstCase();
        foreach ((int index, PoolTrade trade) in trades)
        {
            if (market.SetOf(index) is not { } set)
                continue;
            Real fall = set.Fall(trade.Tender.AsSpan(), trade.Receive.AsSpan());
            worst.Meet(fall.ToDouble(), trade.Pool.Value);
        }
        bool ok = worst.Value <= Tolerance;
        return new(CheckName.Invariants, ok, worst.Value, worst.Where, Invariant(ok
            ? (FormattableString)$"no invariant falls by more than {worst.Value:G3}, relative"
            : $"the invariant of pool '{worst.Where}' falls by {worst.Value:G3}, relative; {Tolerance:G1} is allowed"));
    }

    public static VerificationCheck Shortage(Market market, NetFlows flows)
    {
        var worst = new WorstCase();
        bool ok = true;
        for (int j = 0; j < market.Tokens.Length; j++)
        {
            Real shortage = -(flows.Psi[j] + market.Tokens[j].Holding);
            if (shortage.Sign <= 0)
                continue;
            // A shortage without turnover would need a negative holding.
            Real relative = shortage / flows.Gross[j];
            ok &= relative <= Tolerance;
            worst.Meet(relative.ToDouble(), market.Tokens[j].Id.Value);
        }
        return new(CheckName.Shortage, ok, worst.Value, worst.Where, Invariant(ok
            ? (FormattableString)$"no token is short by more than {worst.Value:G3} of its turnover"
            : $"token '{worst.Where}' is short by {worst.Value:G3} of its gross turnover; {Tolerance:G1} is allowed"));
    }

    public static VerificationCheck NetFlow(Market market, MarketResult result, NetFlows flows)
    {
        if (result.NetFlow.IsDefault || result.NetFlow.Length != market.Tokens.Length)
        {
            int count = result.NetFlow.IsDefault ? 0 : result.NetFlow.Length;
            return new(CheckName.NetFlow, false, 0, null, Invariant($"{count} net flows for {market.Tokens.Length} tokens; one each is needed"));
        }
        var worst = new WorstCase();
        for (int j = 0; j < market.Tokens.Length; j++)
        {
            if (!double.IsFinite(result.NetFlow[j]))
                continue;
            Real difference = Real.Abs(flows.Psi[j] - result.NetFlow[j]);
            Real scale = Real.Max(flows.Gross[j], Real.Abs(result.NetFlow[j]));
            worst.Meet(difference.IsZero ? 0 : (difference / scale).ToDouble(), market.Tokens[j].Id.Value);
        }
        bool ok = worst.Value <= ShownTolerance;
        return new(CheckName.NetFlow, ok, worst.Value, worst.Where, Invariant(ok
            ? (FormattableString)$"the shown net flow is that of the trades"
            : $"the shown net flow of token '{worst.Where}' differs from the trades' by {worst.Value:G3} of its turnover"));
    }
}
