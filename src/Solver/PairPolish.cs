using QTrade.Solver.Arithmetic;

namespace QTrade.Solver;

/// <summary>
/// Chooses the last digits of the prices of two tokens together, where a pool of linear pieces between them is so deep that what two doubles miss its own price by is worth more than a bound may be off.
/// One price alone misses that by up to half a digit; of many pairs next to one another, each a few digits on from the one before, one misses it by that much less as there are pairs.
/// </summary>
internal sealed class PairPolish
{
    private const double Digit = 1.0 / (1L << 52);

    /// <summary>Pairs looked at to either side, digits of the second price tried around each, pairs kept for a look at the other pools, times over all pools.</summary>
    private const int MostSteps = 4096;
    private const int DigitsAround = 1;
    private const int MostKept = 4;
    private const int Rounds = 2;

    /// <summary>The deepest pools are looked at, so many.</summary>
    private const int MostPools = 16;

    /// <summary>Part of what a bound may be off from which on a digit of a pool's price counts.</summary>
    private const double Part = 1.0 / 64;

    private readonly DoubleDouble[] keptValue = new DoubleDouble[MostKept];
    private readonly (double First, double Second)[] kept = new (double, double)[MostKept];
    private int keptCount;
    private readonly RoutingPool[] deep = new RoutingPool[MostPools];
    private readonly double[] depths = new double[MostPools];
    private int deepCount;

    /// <summary>Moves pairs of prices, none below its value, where the dual falls; answers whether any moved.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="prices">nu, by token.</param>
    /// <param name="tolerated">What the bound may be off, in value units.</param>
    public bool Polish(RoutingProblem problem, Span<double> prices, double tolerated)
    {
        FindDeepest(problem, prices, Part * tolerated);
        bool any = false, moved = true;
        for (int round = 0; round < Rounds && moved; round++)
        {
            moved = false;
            for (int i = 0; i < deepCount; i++)
                moved |= Move(problem, prices, deep[i]);

            any |= moved;
        }

        return any;
    }

    private void FindDeepest(RoutingProblem problem, ReadOnlySpan<double> prices, double tolerated)
    {
        deepCount = 0;
        foreach (RoutingPool pool in problem.Pools)
        {
            double depth = pool.IsLinear && pool.Tokens.Length == 2 ? Depth(pool, prices) : 0;
            if (!(depth * Digit > tolerated) || (deepCount == MostPools && depth <= depths[^1]))
                continue;
            int place = deepCount < MostPools ? deepCount++ : MostPools - 1;
            for (; place > 0 && depths[place - 1] < depth; place--)
                (deep[place], depths[place]) = (deep[place - 1], depths[place - 1]);
            (deep[place], depths[place]) = (pool, depth);
        }
    }

    /// <summary>The most that a leg gives, in value units.</summary>
    private static double Depth(RoutingPool pool, ReadOnlySpan<double> prices)
    {
        double depth = 0;
        for (int leg = 0; leg < 2; leg++)
        {
            double most = pool.TermsOf(leg).MostReceived * prices[pool.Tokens[1 - leg]];
            depth = Math.Max(depth, double.IsFinite(most) ? most : 0);
        }

        return depth;
    }

    private bool Move(RoutingProblem problem, Span<double> prices, RoutingPool pool)
    {
        int a = pool.Tokens[0], b = pool.Tokens[1];
        double first = prices[a], second = prices[b];
        if (!(first > 0) || !(second > 0))
            return false;
        keptCount = 0;
        DoubleDouble here = pool.LegArbitrage(0, first, second) + pool.LegArbitrage(1, second, first);
        for (int step = -MostSteps; step <= MostSteps; step++)
        {
            double nextFirst = first * (1 + (step * Digit)), middle = second * (1 + (step * Digit));
            double digit = Math.BitIncrement(middle) - middle;
            for (int by = -DigitsAround; by <= DigitsAround; by++)
            {
                double nextSecond = middle + (by * digit);
                if (nextFirst < problem.Values[a] || nextSecond < problem.Values[b])
                    continue;
                DoubleDouble value = pool.LegArbitrage(0, nextFirst, nextSecond) + pool.LegArbitrage(1, nextSecond, nextFirst);
                if (value < here)
                    Keep(value, nextFirst, nextSecond);
            }
        }

        DoubleDouble least = DoubleDouble.Zero, before = ValueAround(problem, prices, a, b);
        (double First, double Second) best = (first, second);
        for (int i = 0; i < keptCount; i++)
        {
            (prices[a], prices[b]) = kept[i];
            DoubleDouble change = ValueAround(problem, prices, a, b) - before
                + (DoubleDouble.Sum(prices[a], -first) * problem.Holdings[a]) + (DoubleDouble.Sum(prices[b], -second) * problem.Holdings[b]);
            if (change < least)
                (least, best) = (change, kept[i]);
        }

        (prices[a], prices[b]) = best;
        return best != (first, second);
    }

    private void Keep(DoubleDouble value, double first, double second)
    {
        int place = keptCount < MostKept ? keptCount++ : value < keptValue[MostKept - 1] ? MostKept - 1 : -1;
        if (place < 0)
            return;
        for (; place > 0 && value < keptValue[place - 1]; place--)
            (keptValue[place], kept[place]) = (keptValue[place - 1], kept[place - 1]);
        (keptValue[place], kept[place]) = (value, (first, second));
    }

    /// <summary>arb of the pools that trade either token.</summary>
    private static DoubleDouble ValueAround(RoutingProblem problem, ReadOnlySpan<double> prices, int a, int b)
    {
        DoubleDouble sum = DoubleDouble.Zero;
        foreach (RoutingPool pool in problem.Pools)
        {
            if (pool.Tokens.Contains(a) || pool.Tokens.Contains(b))
                sum += Certificate.ValueOf(pool, prices);
        }

        return sum;
    }
}
