using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Newton;

/// <summary>What goes over all pools: four at a time where they are of constant mean, and half of them on a second core where there are many.</summary>
internal sealed partial class PricedPools
{
    /// <summary>
    /// Evaluates every pool at log prices z and prices nu, by node, with what it adds to the Newton system: adds the value that flows into every node to <paramref name="flow"/>, puts its pools' weights into
    /// <paramref name="stiffness"/>, and answers the sum of all flows.
    /// </summary>
    public double EvaluateAll(double[] z, double[] nu, Span<double> flow, Span<double> stiffness)
    {
        (logPrices, prices) = (z, nu);
        for (int j = 0; j < NodeCount; j++)
            firstHalf[j] = new() { Flow = flow[j] };
        Array.Clear(secondHalf, 0, NodeCount);
        flowOfSecondHalf = 0;
        core.Halve(Count, evaluatePools);
        for (int j = 0; j < NodeCount; j++)
        {
            flow[j] = firstHalf[j].Flow + secondHalf[j].Flow;
            stiffness[j] = firstHalf[j].Weight + secondHalf[j].Weight;
        }

        return flowOfFirstHalf + flowOfSecondHalf;
    }

    /// <summary>A few at a time, so that they are at hand when they are added up.</summary>
    private void EvaluatePools(int first, int end)
    {
        NodeSums[] sums = first == 0 ? firstHalf : secondHalf;
        double total = 0;
        for (int p = first; p < end; p += Block)
        {
            int next = Math.Min(end, p + Block);
            EvaluateRange(p, next);
            total = AddUp(p, next, sums, total);
        }

        if (first == 0)
            flowOfFirstHalf = total;
        else
            flowOfSecondHalf = total;
    }

    private double AddUp(int first, int end, NodeSums[] sums, double total)
    {
        for (int p = first; p < end; p++)
        {
            double w = Weight[p], into = WorthTo[p], outOf = WorthFrom[p];
            ref NodeSums from = ref sums[From[p]];
            from.Weight += w;
            from.Flow += outOf;
            ref NodeSums to = ref sums[To[p]];
            to.Weight += w;
            to.Flow += into;
            total += into + outOf;
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // The kernels are to be inlined here, and the budget for that would go to the caller.
    private void EvaluateRange(int first, int end)
    {
        ReadOnlySpan<double> z = logPrices, nu = prices;
        int p = first;
        if (Smoothing == 0)
        {
            int products = Math.Min(productEnd, end), means = Math.Min(meanEnd, end);
            for (; p <= products - Lane; p += Lane)
            {
                if (!TryFour(p, true, z, nu))
                    EvaluateOneByOne(p, p + Lane, z, nu);
            }

            EvaluateOneByOne(p, products, z, nu);
            for (p = Math.Max(first, productEnd); p <= means - Lane; p += Lane)
            {
                if (!TryFour(p, false, z, nu))
                    EvaluateOneByOne(p, p + Lane, z, nu);
            }
        }

        EvaluateOneByOne(p, end, z, nu);
    }

    private void EvaluateOneByOne(int first, int end, ReadOnlySpan<double> z, ReadOnlySpan<double> nu)
    {
        for (int p = first; p < end; p++)
        {
            int a = From[p], b = To[p];
            Evaluate(p, z[b] - z[a]);
            bool forth = Leg[p] == 0;
            double received = nu[forth ? b : a] * Received[p], tendered = nu[forth ? a : b] * Tender[p];
            double latent = LatentWeight(p, nu[a], nu[b]), w = nu[forth ? b : a] * Rise[p];
            Weight[p] = w > latent ? w : latent;
            WorthTo[p] = forth ? received : -tendered;
            WorthFrom[p] = forth ? -tendered : received;
        }
    }

    /// <summary>Four pools of constant mean; false where one of them meets its bound or leaves the range of the functions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryFour(int p, bool product, ReadOnlySpan<double> z, ReadOnlySpan<double> nu)
    {
        ReadOnlySpan<int> from = From.AsSpan(p, Lane), to = To.AsSpan(p, Lane);
        Vector256<double> gap = Vector256.Create(z[to[0]] - z[from[0]], z[to[1]] - z[from[1]], z[to[2]] - z[from[2]], z[to[3]] - z[from[3]]);
        Vector256<double> priceFrom = Vector256.Create(nu[from[0]], nu[from[1]], nu[from[2]], nu[from[3]]);
        Vector256<double> priceTo = Vector256.Create(nu[to[0]], nu[to[1]], nu[to[2]], nu[to[3]]);
        Vector256<double> forth = gap + At(forthSide.Offset, p), back = At(backSide.Offset, p) - gap;
        Vector256<double> isForth = Vector256.GreaterThanOrEqual(forth, back);
        Vector256<double> u = Vector256.ConditionalSelect(isForth, forth, back);
        if (Vector256.GreaterThanAny(u, Vector256.Create(Lanes.MostExponent)))
            return false;
        Vector256<double> trades = Vector256.GreaterThan(u, Vector256<double>.Zero);
        Vector256<double> x = u & trades;
        Vector256<double> tenderScale = Vector256.ConditionalSelect(isForth, At(forthSide.TenderScale, p), At(backSide.TenderScale, p));
        Vector256<double> outputScale = Vector256.ConditionalSelect(isForth, At(forthSide.OutputScale, p), At(backSide.OutputScale, p));
        Vector256<double> tender, received, rise;
        if (product)
        {
            Vector256<double> growth = Lanes.ExpM1(Vector256.Create(0.5) * x);
            Vector256<double> left = outputScale / (Vector256<double>.One + growth);
            tender = tenderScale * growth;
            received = left * growth;
            rise = Vector256.Create(0.5) * left;
        }
        else
        {
            Vector256<double> ratio = Vector256.ConditionalSelect(isForth, At(forthSide.Ratio, p), At(backSide.Ratio, p));
            Vector256<double> inverse = Vector256.ConditionalSelect(isForth, At(forthSide.Inverse, p), At(backSide.Inverse, p));
            Vector256<double> drop = Lanes.ExpM1(-ratio * inverse * x);
            tender = tenderScale * Lanes.ExpM1(inverse * x);
            received = -outputScale * drop;
            rise = ratio * inverse * outputScale * (Vector256<double>.One + drop);
        }

        if (bounded)
        {
            Vector256<double> most = Vector256.ConditionalSelect(isForth, At(forthSide.Most, p), At(backSide.Most, p));
            if ((Vector256.GreaterThanOrEqual(tender, most) & trades) != Vector256<double>.Zero)
                return false;
        }

        tender &= trades;
        received &= trades;
        rise &= trades;
        gap.CopyTo(difference, p);
        u.CopyTo(Excess, p);
        tender.CopyTo(Tender, p);
        received.CopyTo(Received, p);
        rise.CopyTo(Rise, p);
        Vector256<long> leg = Vector256.ConditionalSelect(trades.AsInt64(), Vector256<long>.One + isForth.AsInt64(), Vector256.Create(-1L));
        Vector128<int> legs = Vector128.Narrow(leg.GetLower(), leg.GetUpper());
        legs.CopyTo(Leg, p);
        legs.CopyTo(Piece, p);

        Vector256<double> one = priceTo * At(forthSide.FirstRise, p), two = priceFrom * At(backSide.FirstRise, p);
        Vector256<double> latent = Vector256.Create(Latent) * Vector256.ConditionalSelect(Vector256.LessThan(one, two), one, two);
        Vector256<double> w = Vector256.ConditionalSelect(isForth, priceTo, priceFrom) * rise;
        Vector256.ConditionalSelect(Vector256.GreaterThan(w, latent), w, latent).CopyTo(Weight, p);
        Vector256<double> worthIn = Vector256.ConditionalSelect(isForth, priceTo, priceFrom) * received;
        Vector256<double> worthOut = -(Vector256.ConditionalSelect(isForth, priceFrom, priceTo) * tender);
        Vector256.ConditionalSelect(isForth, worthIn, worthOut).CopyTo(WorthTo, p);
        Vector256.ConditionalSelect(isForth, worthOut, worthIn).CopyTo(WorthFrom, p);
        return true;
    }

    /// <summary>
    /// Lists the pools of which another leg than <paramref name="piece"/> says would trade (or none, -1) after the prices' logarithms rose by d; answers how many.
    /// </summary>
    public int ListChanged(double[] d, int[] piece, int[] changed)
    {
        (rises, pieces, listed) = (d, piece, changed);
        listedInSecondHalf = 0;
        core.Halve(Count, listChanged);
        changed.AsSpan(SecondCore.Half(Count), listedInSecondHalf).CopyTo(changed.AsSpan(listedInFirstHalf));
        return listedInFirstHalf + listedInSecondHalf;
    }

    /// <summary>Each half lists what it finds from where it begins.</summary>
    private void ListChanged(int first, int end)
    {
        int found = ListChanged(first, end, rises, pieces, listed.AsSpan(first));
        if (first == 0)
            listedInFirstHalf = found;
        else
            listedInSecondHalf = found;
    }

    private int ListChanged(int first, int end, ReadOnlySpan<double> d, ReadOnlySpan<int> piece, Span<int> changed)
    {
        int count = 0, p = first, curves = Math.Min(curveEnd, end);
        for (; p <= curves - Lane; p += Lane)
        {
            ReadOnlySpan<int> from = From.AsSpan(p, Lane), to = To.AsSpan(p, Lane);
            Vector256<double> change = Vector256.Create(d[to[0]] - d[from[0]], d[to[1]] - d[from[1]], d[to[2]] - d[from[2]], d[to[3]] - d[from[3]]);
            Vector256<double> forth = At(difference, p) + change + At(forthSide.Offset, p), back = At(backSide.Offset, p) - At(difference, p) - change;
            Vector256<double> isForth = Vector256.GreaterThanOrEqual(forth, back);
            Vector256<double> trades = Vector256.GreaterThan(Vector256.ConditionalSelect(isForth, forth, back), Vector256<double>.Zero);
            Vector256<long> next = Vector256.ConditionalSelect(trades.AsInt64(), Vector256<long>.One + isForth.AsInt64(), Vector256.Create(-1L));
            (Vector128<long> low, Vector128<long> high) = Vector128.Widen(Vector128.Create(piece.Slice(p, Lane)));
            uint same = Vector256.Equals(next, Vector256.Create(low, high)).ExtractMostSignificantBits();
            for (int lane = 0; same != 0xF && lane < Lane; lane++)
            {
                if ((same & (1u << lane)) == 0)
                    changed[count++] = p + lane;
            }
        }

        for (; p < curves; p++)
        {
            if (NextLeg(p, d[To[p]] - d[From[p]], out _) != piece[p])
                changed[count++] = p;
        }

        for (; p < end; p++)
        {
            if (PieceAt(p, d[To[p]] - d[From[p]]) != piece[p])
                changed[count++] = p;
        }

        return count;
    }

    /// <summary>
    /// Adds up for every node the log prices at which its pools would be in the middle of their no-trade cone, weighted by the depth on the other side, and the weights.
    /// </summary>
    public void AddImplied(ReadOnlySpan<double> z, ReadOnlySpan<double> nu, Span<double> sum, Span<double> weight)
    {
        for (int p = 0; p < Count; p++)
        {
            int a = From[p], b = To[p];
            double middle = 0.5 * (forthSide.Offset[p] - backSide.Offset[p]);
            double depthTo = nu[b] * forthSide.FirstRise[p], depthFrom = nu[a] * backSide.FirstRise[p];
            if (!double.IsFinite(middle))
                continue;
            sum[a] += depthTo * (z[b] + middle);
            weight[a] += depthTo;
            sum[b] += depthFrom * (z[a] - middle);
            weight[b] += depthFrom;
        }
    }

    private static Vector256<double> At(double[] array, int p) => Vector256.LoadUnsafe(ref array[p]);
}
