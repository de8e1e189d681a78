namespace QTrade.Solver.Newton;

/// <summary>
/// Prices on the kinks that pieces of linear pools rest at, so that one filled in part loses nothing: along trees over such pools from tokens at their value, or any. Flows stay as they are.
/// </summary>
internal sealed class KinkPrices(PricedPools pools, PriceIterate at)
{
    /// <summary>Parts of the dual: what pieces filled in part may lose, by what that falls from attempt to attempt, and what others may lose by prices at kinks.</summary>
    private const double MostPart = 1e-7;
    private const double PartFactor = 0.01;
    private const double AlignedPart = 1e-10;

    private int[] followed = [];
    private bool[] isPlaced = [];
    private double kinkPart;

    /// <summary>Per node: z at the kinks.</summary>
    public double[] Z { get; private set; } = [];

    public void Load()
    {
        if (Z.Length >= at.Count)
            return;
        int size = Math.Max(at.Count, 2 * Z.Length);
        Z = new double[size];
        followed = new int[size];
        isPlaced = new bool[size];
    }

    /// <summary>Another solve begins.</summary>
    public void Begin() => kinkPart = MostPart;

    /// <summary>The next attempt is made nearer to the kinks.</summary>
    public void ComeNearer() => kinkPart *= PartFactor;

    /// <summary>Puts the iterate's prices nu on the kinks. False, and nothing changed, where pieces are still too far from those.</summary>
    public bool TryAlign()
    {
        double loss = 0;
        for (int p = pools.LinearStart; p < pools.Count; p++)
            loss += at.Nu[(pools.Piece[p] & 1) == 0 ? pools.From[p] : pools.To[p]] * pools.KinkLoss(p);
        if (loss > kinkPart * Math.Abs(at.Dual))
            return false;
        FollowKinks();
        loss = 0;
        for (int p = 0; p < pools.LinearStart; p++)
        {
            int a = pools.From[p], b = pools.To[p];
            double moved = (Z[b] - at.Z[b]) - (Z[a] - at.Z[a]);
            loss += pools.Weight[p] * moved * moved;
        }

        if (loss > AlignedPart * Math.Abs(at.Dual))
            return false;
        for (int j = 0; j < at.Count; j++)
            at.Nu[j] = at.PriceAt(j, Z[j]);
        return true;
    }

    /// <summary>By how much the second token's z is above the first one's.</summary>
    public double Gap(int p) => Z[pools.To[p]] - Z[pools.From[p]];

    private void FollowKinks()
    {
        at.Z.AsSpan(0, at.Count).CopyTo(Z);
        isPlaced.AsSpan(0, at.Count).Clear();
        for (int j = 0; j < at.Count; j++)
        {
            if (at.Rests[j] && !isPlaced[j])
                FollowKinksFrom(j);
        }

        for (int j = 0; j < at.Count; j++)
        {
            if (!isPlaced[j])
                FollowKinksFrom(j);
        }
    }

    private void FollowKinksFrom(int root)
    {
        int tail = 0;
        isPlaced[root] = true;
        followed[tail++] = root;
        for (int head = 0; head < tail; head++)
        {
            int j = followed[head];
            foreach (int p in pools.IncidentTo(j))
            {
                int other = pools.From[p] + pools.To[p] - j;
                if (p < pools.LinearStart || isPlaced[other] || at.Rests[other] || !pools.IsAtKink(p, out double difference))
                    continue;
                Z[other] = Math.Max(at.Least[other], Z[j] + (other == pools.To[p] ? difference : -difference));
                isPlaced[other] = true;
                followed[tail++] = other;
            }
        }
    }
}
