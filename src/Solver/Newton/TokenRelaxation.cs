namespace QTrade.Solver.Newton;

/// <summary>Balances tokens one by one, each for its own price alone: where that is easy it takes off at once what a common step would only in its length.</summary>
internal sealed class TokenRelaxation(PricedPools pools, PriceIterate at)
{
    /// <summary>Pools of a token up to which it is easy to relax.</summary>
    private const int MostPools = 32;

    private const int MostRounds = 30;

    /// <summary>Part of a token's flow to which it is brought.</summary>
    private const double Left = 1e-3;

    /// <summary>Relaxes all tokens of few pools; where <paramref name="least"/> is given those only whose flow is more, and that do not rest.</summary>
    public void RelaxAll(double least = double.NegativeInfinity)
    {
        bool all = double.IsNegativeInfinity(least);
        for (int j = 0; j < at.Count; j++)
        {
            if (pools.IncidentTo(j).Length <= MostPools && (all || (!at.Rests[j] && Math.Abs(at.S[j]) > least)))
                Relax(j);
        }
    }

    /// <summary>Solves s_j = 0 for z_j alone, or z_j = least where s_j >= 0 there: a safeguarded Newton iteration over the token's pools.</summary>
    public void Relax(int j)
    {
        double[] z = at.Z, nu = at.Nu;
        double low = double.NegativeInfinity, high = double.PositiveInfinity, first = 0;
        for (int i = 0; i < MostRounds; i++)
        {
            nu[j] = at.PriceAt(j);
            double flow = pools.Holding[j], turnover = 0, slope = 0;
            foreach (int p in pools.IncidentTo(j))
            {
                int a = pools.From[p], b = pools.To[p];
                pools.Evaluate(p, z[b] - z[a]);
                slope += at.Weight(p);
                if (pools.Leg[p] < 0)
                    continue;
                bool enters = (pools.Leg[p] == 0 ? b : a) == j;
                flow += enters ? pools.Received[p] : -pools.Tender[p];
                turnover += enters ? pools.Received[p] : pools.Tender[p];
            }

            double value = flow * nu[j];
            if (i == 0)
                first = Math.Abs(value);
            else if (Math.Abs(value) <= Left * first)
                return;
            if (Math.Abs(flow) <= 1e-12 * turnover || (z[j] <= at.Least[j] && value >= 0))
                return;
            if (value > 0)
                high = z[j];
            else
                low = z[j];
            double next = z[j] + Math.Clamp(-value / slope, -PieceModel.LongestStep, PieceModel.LongestStep);
            if (!(next > low && next < high))
                next = 0.5 * (low + high);
            if (!double.IsFinite(next))
                return;
            z[j] = Math.Max(at.Least[j], next);
        }
    }
}
