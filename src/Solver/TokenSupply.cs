namespace QTrade.Solver;

/// <summary>
/// Finds from where a token that a trade is short of can come: the chain of legs, each with room, that loses least at the dual prices and begins at
/// a token of which enough is left over. Shortest path by relaxation, legs in their order, so the same question has the same answer.
/// </summary>
internal sealed class TokenSupply
{
    private double[] loss = [];
    private int[] next = [];

    /// <summary>Legs looked at so far.</summary>
    public long Relaxed { get; private set; }

    /// <summary>The first leg of the chain towards <paramref name="shortToken"/>, or -1 where none exists; go on with <see cref="LegAfter"/>.</summary>
    /// <param name="point">Legs between nodes, and prices.</param>
    /// <param name="shortToken">The node that is short.</param>
    /// <param name="cost">Per leg: the part of its worth that its best price loses, >= 0; infinity: it has no room.</param>
    /// <param name="surplus">Per node: whether enough is left over.</param>
    public int Find(InteriorPoint point, int shortToken, ReadOnlySpan<double> cost, ReadOnlySpan<bool> surplus)
    {
        int nodes = point.NodeCount;
        if (loss.Length < nodes)
        {
            loss = new double[nodes];
            next = new int[nodes];
        }

        loss.AsSpan(0, nodes).Fill(double.PositiveInfinity);
        next.AsSpan(0, nodes).Fill(-1);
        loss[shortToken] = 0;
        Relax(point, cost);
        int best = -1;
        for (int j = 0; j < nodes; j++)
        {
            if (surplus[j] && j != shortToken && double.IsFinite(loss[j]) && (best < 0 || loss[j] < loss[best]))
                best = j;
        }

        return best < 0 ? -1 : next[best];
    }

    /// <summary>The leg that follows one whose output is <paramref name="node"/>, or -1 at the end.</summary>
    public int LegAfter(int node) => next[node];

    private void Relax(InteriorPoint point, ReadOnlySpan<double> cost)
    {
        bool changed = true;
        for (int round = 0; changed && round < point.NodeCount; round++)
        {
            changed = false;
            Relaxed += point.LegCount;
            for (int leg = 0; leg < point.LegCount; leg++)
            {
                double through = loss[point.LegTo[leg]] + cost[leg];
                if (!(through < loss[point.LegFrom[leg]]))
                    continue;
                loss[point.LegFrom[leg]] = through;
                next[point.LegFrom[leg]] = leg;
                changed = true;
            }
        }
    }
}
