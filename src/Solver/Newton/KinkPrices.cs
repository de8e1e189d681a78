namespace QTrade.Solver.Newton;

/// <summary>
/// Prices on the kinks that pieces of linear pools rest at, so that one filled in part loses nothing: along trees over such pools from tokens at their value, or any. Flows stay as they are.
/// </summary>
internal sealed class KinkPrices(PricedPools pools, PriceIterate at)
{
    /// <summary>What pieces filled in part may lose where they are near their kinks, as a part of the dual; by what that falls from attempt to attempt.</summary>
    private const double MostPart = 1e-7;
    private const double PartFactor = 0.01;

    /// <summary>The part of the loss before below which a loss counts as falling, and how often in a row prices wait for it.</summary>
    private const double Falling = 0.5;
    private const int MostWaits = 30;

    private int[] followed = [];
    private bool[] isPlaced = [];
    private double kinkPart;
    private int waits;

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

    /// <summary>About what the flows lose against the best at the kinks that were followed last, to second order: by so much the bound there is above the dual.</summary>
    public double Loss { get; private set; }

    /// <summary>Another solve begins.</summary>
    public void Begin() => (kinkPart, Loss, waits) = (MostPart, double.PositiveInfinity, 0);

    /// <summary>The next attempt is made nearer to the kinks.</summary>
    public void ComeNearer() => kinkPart *= PartFactor;

    /// <summary>
    /// Puts the iterate's prices nu on the kinks, where its flows lose no more than <paramref name="enough"/>. False, and nothing changed, where they would lose more, but for pieces that are near their kinks and whose
    /// loss there did not fall since the last time, as only an attempt tells more of these, and after many waits.
    /// </summary>
    public bool TryAlign(double enough)
    {
        bool isNear = LossOfPartFilled() <= kinkPart * Math.Abs(at.Dual);
        FollowKinks();
        double before = Loss;
        Loss = LossOfLinear() + LossOfOthers();
        bool tellsMore = isNear && Loss > Falling * before;
        if (Loss > enough && !tellsMore && waits < MostWaits)
        {
            waits++;
            return false;
        }

        waits = 0;
        for (int j = 0; j < at.Count; j++)
            at.Nu[j] = at.PriceAt(j, Z[j]);
        return true;
    }

    /// <summary>What pieces filled in part lose against being full or empty at the iterate's prices. Others lose nothing there but roundings, which no centring takes away.</summary>
    private double LossOfPartFilled()
    {
        double loss = 0;
        for (int p = pools.LinearStart; p < pools.Count; p++)
        {
            if (pools.IsAtKink(p, out _))
                loss += pools.KinkLoss(p, at.Z[pools.To[p]] - at.Z[pools.From[p]], at.Nu);
        }

        return loss;
    }

    /// <summary>What the flows of linear pools lose against the best at the kinks.</summary>
    private double LossOfLinear()
    {
        double loss = 0;
        for (int p = pools.LinearStart; p < pools.Count; p++)
            loss += pools.KinkLoss(p, Gap(p), at.Nu);
        return loss;
    }

    /// <summary>
    /// The same of the other pools, to second order: half a pool's weight times the square of how far prices moved, and where they moved against it no more than its flow is worth by that way; of one that idles
    /// where the kinks bring it to trade.
    /// </summary>
    private double LossOfOthers()
    {
        double loss = 0;
        for (int p = 0; p < pools.LinearStart; p++)
        {
            int a = pools.From[p], b = pools.To[p];
            double moved = (Z[b] - at.Z[b]) - (Z[a] - at.Z[a]);
            if (moved == 0)
                continue;
            if (pools.Leg[p] < 0)
            {
                int leg = pools.NextLeg(p, moved, out double excess);
                loss += leg < 0 ? 0 : 0.5 * at.Nu[leg == 0 ? b : a] * pools.FirstRise(p, leg) * excess * excess;
                continue;
            }

            double curved = 0.5 * pools.Weight[p] * moved * moved, gained = pools.WorthTo[p] * moved;
            loss += gained < 0 ? Math.Min(curved, -gained) : curved;
        }

        return loss;
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
