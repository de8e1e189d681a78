using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Pools;

/// <summary>
/// A leg made of pieces of constant price, the one that gives most per unit tendered first. A trading bound cuts the list where
/// the tender reaches it: filling in this order is the best use of a bounded tender.
/// </summary>
internal sealed class LinearPieces
{
    private readonly DoubleDouble[] gamma;
    private readonly DoubleDouble[] rate;
    private readonly DoubleDouble[] tender;
    private readonly DoubleDouble gammaOut;

    // The same in doubles: gamma, cap on the net input, output per net input.
    private readonly double[] roundGamma, cap, slope;

    // As RoutingPool.DescribePieces has them.
    private readonly double[] kinks, takes, gives;

    /// <param name="pieces">gamma, rate (output per net input, before the fee on what comes out), available output; empty ones are left out.</param>
    /// <param name="gammaOut">1 - feeOut.</param>
    /// <param name="bound">Trading bound on the sum of the tenders.</param>
    public LinearPieces(IEnumerable<(DoubleDouble Gamma, DoubleDouble Rate, double Available)> pieces, DoubleDouble gammaOut, double bound)
    {
        this.gammaOut = gammaOut;
        var kept = new List<(DoubleDouble Gamma, DoubleDouble Rate, DoubleDouble Tender, DoubleDouble PerTender, int Place)>();
        int place = 0;
        foreach ((DoubleDouble pieceGamma, DoubleDouble pieceRate, double available) in pieces)
        {
            DoubleDouble perTender = pieceGamma * pieceRate;
            DoubleDouble fills = available / perTender;
            if (fills.Hi > 0 && double.IsFinite(fills.Hi) && perTender.Hi > 0)
                kept.Add((pieceGamma, pieceRate, fills, perTender, place++));
        }

        kept.Sort((a, b) => a.PerTender < b.PerTender ? 1 : b.PerTender < a.PerTender ? -1 : a.Place.CompareTo(b.Place));
        DoubleDouble left = bound;
        int count = 0;
        while (count < kept.Count && left.Hi > 0)
        {
            var piece = kept[count];
            if (!(piece.Tender < left))
                kept[count] = piece with { Tender = left };
            left -= kept[count++].Tender;
        }

        gamma = new DoubleDouble[count];
        rate = new DoubleDouble[count];
        tender = new DoubleDouble[count];
        (roundGamma, cap, slope) = (new double[count], new double[count], new double[count]);
        DoubleDouble most = DoubleDouble.Zero;
        DoubleDouble received = DoubleDouble.Zero;
        for (int e = 0; e < count; e++)
        {
            gamma[e] = kept[e].Gamma;
            rate[e] = kept[e].Rate;
            tender[e] = kept[e].Tender;
            most += tender[e];
            received += tender[e] * gamma[e] * rate[e];
            roundGamma[e] = gamma[e].Hi;
            cap[e] = (tender[e] * gamma[e]).Hi;
            slope[e] = rate[e].Hi * gammaOut.Hi;
        }

        (kinks, takes, gives) = (new double[count], new double[count], new double[count]);
        for (int e = 0; e < count; e++)
        {
            kinks[e] = e == 0 ? 0 : Elementary.Log(roundGamma[0] * slope[0] / (roundGamma[e] * slope[e]));
            takes[e] = tender[e].Hi;
            gives[e] = cap[e] * slope[e];
        }

        MostTender = Math.Min(most.RoundedDown(), bound);
        MostReceived = (received * gammaOut).Hi;
    }

    public int Count => tender.Length;

    public double MostTender { get; }

    public double MostReceived { get; }

    public double BestRate => roundGamma[0] * slope[0];

    public void Describe(Span<double> gammas, Span<double> caps, Span<double> scale)
    {
        roundGamma.CopyTo(gammas);
        cap.CopyTo(caps);
        cap.CopyTo(scale);
    }

    public void DescribePieces(Span<double> kink, Span<double> tendered, Span<double> received)
    {
        kinks.CopyTo(kink);
        takes.CopyTo(tendered);
        gives.CopyTo(received);
    }

    public void Evaluate(ReadOnlySpan<double> f, Span<double> output, Span<double> slopes, Span<double> curvature)
    {
        slope.CopyTo(slopes);
        curvature[..slope.Length].Clear();
        for (int e = 0; e < slope.Length; e++)
            output[e] = slope[e] * f[e];
    }

    public double Quote(double tendered, out double marginal)
    {
        double received = 0;
        int e = 0;
        for (; e < slope.Length - 1 && tendered > tender[e].Hi; e++)
        {
            received += cap[e] * slope[e];
            tendered -= tender[e].Hi;
        }

        marginal = roundGamma[e] * slope[e];
        return received + (Math.Min(tendered, tender[e].Hi) * marginal);
    }

    public DoubleDouble Receive(double tendered)
    {
        DoubleDouble left = tendered;
        DoubleDouble received = DoubleDouble.Zero;
        for (int e = 0; e < tender.Length && left.Hi > 0; e++)
        {
            DoubleDouble part = DoubleDouble.Min(left, tender[e]);
            received += part * gamma[e] * rate[e];
            left -= part;
        }

        return received * gammaOut;
    }

    public DoubleDouble Arbitrage(double priceIn, double priceOut)
    {
        DoubleDouble value = DoubleDouble.Zero;
        for (int e = 0; e < tender.Length; e++)
        {
            DoubleDouble gain = gamma[e] * rate[e] * gammaOut * priceOut - priceIn;
            if (!(gain.Hi > 0))
                break;
            value += gain * tender[e];
        }

        return value;
    }

    /// <summary>Output per net input, before the fee on what comes out, of the piece that the tender ends in.</summary>
    public double RateAt(double tendered)
    {
        for (int e = 0; e < tender.Length - 1; e++)
        {
            if (tendered < tender[e].Hi)
                return rate[e].Hi;
            tendered -= tender[e].Hi;
        }

        return rate.Length > 0 ? rate[^1].Hi : double.NaN;
    }
}
