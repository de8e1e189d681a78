using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using QTrade.Solver.Arithmetic;
using QTrade.Solver.Newton;

namespace QTrade.Solver.Warm;

/// <summary>
/// Four pools of constant mean and of one shape at once, both of whose legs can take part: the operations of <see cref="WarmPools"/> in their order on every lane, so a pool has the bits that it has by itself.
/// What it is worth and what its tender is quoted at come along, as in lanes they cost less than to be asked for. In steps of a few dozen vectors each, as a compiler keeps no more of them in registers.
/// </summary>
internal sealed class WarmLanes(bool areProducts)
{
    public const int Width = 4;
    private const int MostGroups = 16;

    private readonly int[] waiting = new int[MostGroups * Width];
    private readonly WarmContribution[] before = new WarmContribution[MostGroups * Width];
    private readonly bool[] isTaken = new bool[MostGroups];

    // Per group, what the pools are given: which legs trade, if any, their prices and numbers, those of the second leg where none does; best nu_out / nu_in - 1 or zero; the weights of the edges while nothing trades; what a leg at its kink may be worth.
    private readonly Vector256<double>[] isForth = new Vector256<double>[MostGroups], trades = new Vector256<double>[MostGroups];
    private readonly Vector256<double>[] priceIn = new Vector256<double>[MostGroups], priceOut = new Vector256<double>[MostGroups];
    private readonly Vector256<double>[] excess = new Vector256<double>[MostGroups], latent = new Vector256<double>[MostGroups], kink = new Vector256<double>[MostGroups];
    private readonly Vector256<double>[] tenderScale = new Vector256<double>[MostGroups], outputScale = new Vector256<double>[MostGroups], most = new Vector256<double>[MostGroups];

    // Whether the input's weight is the greater one.
    private readonly Vector256<double>[] isOfInput = new Vector256<double>[MostGroups];

    // What they answer.
    private readonly Vector256<double>[] tender = new Vector256<double>[MostGroups], received = new Vector256<double>[MostGroups], rise = new Vector256<double>[MostGroups];
    private readonly Vector256<double>[] growth = new Vector256<double>[MostGroups], worth = new Vector256<double>[MostGroups], quoted = new Vector256<double>[MostGroups];
    private int count;

    /// <summary>Pools that wait.</summary>
    public ReadOnlySpan<int> Waiting => waiting.AsSpan(0, count);

    public bool IsFull => count == waiting.Length;

    public void Add(int p, in WarmPool pool)
    {
        waiting[count] = p;
        before[count++] = new(in pool);
    }

    /// <summary>Whether a waiting pool was evaluated.</summary>
    public bool Has(int i) => i < count - (count % Width) && isTaken[i / Width];

    /// <summary>What a waiting pool added to sums before.</summary>
    public ref readonly WarmContribution Before(int i) => ref before[i];

    public void Clear() => count = 0;

    /// <summary>Evaluates the waiting pools, four by four; of those that are left over, and of four of which one meets its bound or leaves the range of the functions, nothing changes.</summary>
    public void Evaluate(WarmPools pools, ReadOnlySpan<double> prices)
    {
        int groups = count / Width;
        for (int g = 0; g < groups; g++)
        {
            ref WarmPool a = ref pools[waiting[Width * g]], b = ref pools[waiting[(Width * g) + 1]], c = ref pools[waiting[(Width * g) + 2]], d = ref pools[waiting[(Width * g) + 3]];
            isTaken[g] = TryTakeGains(g, prices, in a, in b, in c, in d);
            TakeScales(g, in a, in b, in c, in d);
            if (!areProducts)
                TakeRatios(g, in a, in b, in c, in d);
        }

        if (areProducts)
        {
            TradeProducts(groups);
        }
        else
        {
            FindGrowth(groups);
            TradeFourToOne(groups);
            AppraiseFourToOne(groups);
        }

        for (int g = 0; g < groups; g++)
        {
            if (isTaken[g])
                isTaken[g] = TryAnswer(g, ref pools[waiting[Width * g]], ref pools[waiting[(Width * g) + 1]], ref pools[waiting[(Width * g) + 2]], ref pools[waiting[(Width * g) + 3]]);
        }
    }

    private bool TryTakeGains(int g, ReadOnlySpan<double> prices, in WarmPool a, in WarmPool b, in WarmPool c, in WarmPool d)
    {
        Vector256<double> first = Vector256.Create(prices[a.First], prices[b.First], prices[c.First], prices[d.First]);
        Vector256<double> second = Vector256.Create(prices[a.Second], prices[b.Second], prices[c.Second], prices[d.Second]);
        Vector256<double> forth = Vector256.FusedMultiplyAdd(Vector256.Create(a.BestForth, b.BestForth, c.BestForth, d.BestForth), second, -first);
        Vector256<double> back = Vector256.FusedMultiplyAdd(Vector256.Create(a.BestBack, b.BestBack, c.BestBack, d.BestBack), first, -second);
        Vector256<double> forwards = Vector256.GreaterThan(forth, Vector256<double>.Zero), any = forwards | Vector256.GreaterThan(back, Vector256<double>.Zero);
        Vector256<double> paid = Vector256.ConditionalSelect(forwards, first, second);
        Vector256<double> beyond = (Vector256.ConditionalSelect(forwards, forth, back) / paid) & any;
        isForth[g] = forwards;
        trades[g] = any;
        priceIn[g] = paid;
        priceOut[g] = Vector256.ConditionalSelect(forwards, second, first);
        excess[g] = beyond;
        Vector256<double> kinkForth = second * Vector256.Create(a.Forth.Kink, b.Forth.Kink, c.Forth.Kink, d.Forth.Kink);
        Vector256<double> kinkBack = first * Vector256.Create(a.Back.Kink, b.Back.Kink, c.Back.Kink, d.Back.Kink);
        latent[g] = Vector256.Create(PricedPools.LatentPart) * Vector256.Min(kinkForth, kinkBack);
        Vector256<double> worthForth = WorthAtKink(forth, first, kinkForth), worthBack = WorthAtKink(back, second, kinkBack);
        kink[g] = Vector256.ConditionalSelect(any, Vector256.ConditionalSelect(forwards, worthForth, worthBack), worthForth + worthBack);
        return Vector256.LessThanAll(beyond, Vector256.Create(Lanes.MostIncrement));
    }

    /// <summary>What a leg may be worth that gains so little that roundings decide whether it trades.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> WorthAtKink(Vector256<double> gain, Vector256<double> priceIn, Vector256<double> weight) =>
        Vector256.LessThan(Vector256.Abs(gain), Vector256.Create(WarmPools.KinkRounding) * priceIn) & (weight * Vector256.Create(WarmPools.KinkRounding * WarmPools.KinkRounding));

    private void TakeScales(int g, in WarmPool a, in WarmPool b, in WarmPool c, in WarmPool d)
    {
        Vector256<double> forwards = isForth[g];
        tenderScale[g] = Vector256.ConditionalSelect(
            forwards, Vector256.Create(a.Forth.TenderScale, b.Forth.TenderScale, c.Forth.TenderScale, d.Forth.TenderScale), Vector256.Create(a.Back.TenderScale, b.Back.TenderScale, c.Back.TenderScale, d.Back.TenderScale));
        outputScale[g] = Vector256.ConditionalSelect(
            forwards, Vector256.Create(a.Forth.OutputScale, b.Forth.OutputScale, c.Forth.OutputScale, d.Forth.OutputScale), Vector256.Create(a.Back.OutputScale, b.Back.OutputScale, c.Back.OutputScale, d.Back.OutputScale));
        most[g] = Vector256.ConditionalSelect(
            forwards, Vector256.Create(a.Forth.Most, b.Forth.Most, c.Forth.Most, d.Forth.Most), Vector256.Create(a.Back.Most, b.Back.Most, c.Back.Most, d.Back.Most));
    }

    private void TakeRatios(int g, in WarmPool a, in WarmPool b, in WarmPool c, in WarmPool d)
    {
        Vector256<double> ratio = Vector256.ConditionalSelect(
            isForth[g], Vector256.Create(a.Forth.Ratio, b.Forth.Ratio, c.Forth.Ratio, d.Forth.Ratio), Vector256.Create(a.Back.Ratio, b.Back.Ratio, c.Back.Ratio, d.Back.Ratio));
        isOfInput[g] = Vector256.GreaterThan(ratio, Vector256<double>.One);
    }

    private void TradeProducts(int groups)
    {
        Vector256<double> one = Vector256<double>.One, half = Vector256.Create(0.5);
        for (int g = 0; g < groups; g++)
        {
            Vector256<double> grown = excess[g] / (Vector256.Sqrt(one + excess[g]) + one), left = outputScale[g] / (one + grown), tendered = tenderScale[g] * grown;
            growth[g] = grown;
            tender[g] = tendered;
            received[g] = left * grown;
            rise[g] = half * left;
            Vector256<double> part = tendered / tenderScale[g];
            worth[g] = priceIn[g] * tendered * part;
            quoted[g] = outputScale[g] * (part / (one + part));
        }
    }

    private void FindGrowth(int groups)
    {
        // 1 / (1 + ratio), and a quarter of it where the output has the greater weight.
        Vector256<double> ofInput = Vector256.Create(1 / (1 + 4.0)), ofOutput = Vector256.Create(1 / (1 + 0.25)), quarter = Vector256.Create(0.25);
        for (int g = 0; g < groups; g++)
            growth[g] = Vector256.ConditionalSelect(isOfInput[g], ofInput, ofOutput) * Lanes.Log1P(excess[g]);
        for (int g = 0; g < groups; g++)
            growth[g] = Lanes.ExpM1(Vector256.ConditionalSelect(isOfInput[g], growth[g], quarter * growth[g]));
    }

    private void TradeFourToOne(int groups)
    {
        Vector256<double> one = Vector256<double>.One, ofInput = Vector256.Create(4.0 * (1 / (1 + 4.0))), ofOutput = Vector256.Create(0.25 * (1 / (1 + 0.25)));
        for (int g = 0; g < groups; g++)
        {
            Vector256<double> v = growth[g], grown = one + v, left = one / grown, square = left * left;
            tender[g] = tenderScale[g] * Vector256.ConditionalSelect(isOfInput[g], v, v * (one + grown) * (one + (grown * grown)));
            received[g] = outputScale[g] * Vector256.ConditionalSelect(isOfInput[g], v * left * (one + left) * (one + square), v * left);
            rise[g] = Vector256.ConditionalSelect(isOfInput[g], ofInput, ofOutput) * outputScale[g] * Vector256.ConditionalSelect(isOfInput[g], square * square, left);
        }
    }

    private void AppraiseFourToOne(int groups)
    {
        for (int g = 0; g < groups; g++)
        {
            Vector256<double> part = tender[g] / tenderScale[g];
            worth[g] = priceIn[g] * tenderScale[g] * FourToOneArbitrage(growth[g], isOfInput[g]);
            quoted[g] = outputScale[g] * Vector256.ConditionalSelect(isOfInput[g], PartAtFour(part), PartAtQuarter(part));
        }
    }

    /// <summary>Gives four pools what they do; false, and nothing changes, where they are to be evaluated one by one.</summary>
    private bool TryAnswer(int g, ref WarmPool a, ref WarmPool b, ref WarmPool c, ref WarmPool d)
    {
        Vector256<double> any = trades[g], tendered = tender[g];
        if ((Vector256.GreaterThanOrEqual(tendered, most[g]) & any) != Vector256<double>.Zero)
            return false;
        Vector256<double> forwards = isForth[g], got = received[g] & any;
        tendered &= any;
        Vector256<double> value = Vector256.FusedMultiplyAdd(worth[g], Vector256.Create(WarmPools.ValueRounding), worth[g]) + (Vector256.Create(WarmPools.TurnoverRounding) * priceOut[g] * got);
        value = (value & any) + kink[g];
        Vector256<double> quote = (quoted[g] * Vector256.Create(1 - WarmPools.QuoteError)) & any;
        Vector256<double> weight = Vector256.ConditionalSelect(any, Vector256.Max(priceOut[g] * rise[g], latent[g]), latent[g]);
        Vector256<double> flowFirst = Vector256.ConditionalSelect(forwards, -tendered, got), flowSecond = Vector256.ConditionalSelect(forwards, got, -tendered) & any;
        Vector256<long> leg = Vector256.ConditionalSelect(any.AsInt64(), Vector256<long>.One + forwards.AsInt64(), Vector256.Create(-1L));
        Take(ref a, (int)leg[0], tendered[0], got[0], flowFirst[0], flowSecond[0], weight[0], value[0], quote[0]);
        Take(ref b, (int)leg[1], tendered[1], got[1], flowFirst[1], flowSecond[1], weight[1], value[1], quote[1]);
        Take(ref c, (int)leg[2], tendered[2], got[2], flowFirst[2], flowSecond[2], weight[2], value[2], quote[2]);
        Take(ref d, (int)leg[3], tendered[3], got[3], flowFirst[3], flowSecond[3], weight[3], value[3], quote[3]);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(
        ref WarmPool pool, int leg, double tender, double received, double flowFirst, double flowSecond, double weight, double value, double quoted)
    {
        pool.Leg = leg;
        pool.Tender = tender;
        pool.Received = received;
        pool.Weight = weight;
        pool.FlowFirst = flowFirst;
        pool.FlowSecond = flowSecond;
        pool.Quoted = quoted;
        pool.Value = value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> PartAtFour(Vector256<double> g)
    {
        Vector256<double> one = Vector256<double>.One, left = one / (one + g);
        return g * left * (one + left) * (one + (left * left));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> PartAtQuarter(Vector256<double> g)
    {
        Vector256<double> one = Vector256<double>.One, square = Vector256.Sqrt(one + g), root = Vector256.Sqrt(square);
        return g / (root * (one + root) * (one + square));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> FourToOneArbitrage(Vector256<double> v, Vector256<double> isOfInput)
    {
        Vector256<double> one = Vector256<double>.One, s = one + v, two = Vector256.Create(2.0), three = Vector256.Create(3.0), four = Vector256.Create(4.0);
        Vector256<double> input = Vector256.Create(0.25) * v * v * (four + (s * (three + (s * (two + s)))));
        Vector256<double> output = v * v * (one + (s * (two + (s * (three + (s * four))))));
        return Vector256.ConditionalSelect(isOfInput, input, output);
    }
}
