namespace QTrade.Markets.Venues;

/// <summary>What Orca Whirlpool and Raydium CLMM have in common: a root of the price, liquidity in range, and initialised ticks.</summary>
public abstract record ConcentratedState : VenueState
{
    private const double Q64 = 18_446_744_073_709_551_616.0;

    // What a walk may at most cross: all ticks of the arrays that a plan names.
    private const int StepsMax = 4096;

    /// <summary>s, the square root of token 1 per token 0 in Q64.64.</summary>
    public required UInt128 SqrtPrice { get; init; }

    /// <summary>The tick that the program holds; at a crossed tick it may be one below the root's.</summary>
    public required int Tick { get; init; }

    /// <summary>L in range.</summary>
    public required UInt128 Liquidity { get; init; }

    /// <summary>The fee in millionths of what goes in.</summary>
    public required uint FeeRate { get; init; }

    /// <summary>The known initialised ticks.</summary>
    public required TickRange Ticks { get; init; }

    /// <summary>
    /// Whether the curve spans all known ticks, which several swaps reach, and not only those that one swap does.
    /// </summary>
    public bool CurveSpansAllTicks { get; init; }

    /// <inheritdoc/>
    public override double Price
    {
        get
        {
            var root = (double)SqrtPrice / Q64;
            return root * root;
        }
    }

    /// <inheritdoc/>
    public override int LiquidityEntries => Ticks.Count;

    /// <inheritdoc/>
    protected override bool HasSoundNumbers =>
        FeeRate < SwapStep.FeeDenominator && SqrtPrice >= RootAt(-OrcaTicks.TickMax) && SqrtPrice <= RootAt(OrcaTicks.TickMax)
        && (TickOf(SqrtPrice) is var exact && (Tick == exact || (Tick == exact - 1 && RootAt(exact) == SqrtPrice)))
        && Ticks.First <= OrcaTicks.TickMax && Ticks.Last >= -OrcaTicks.TickMax && Ticks.First <= Ticks.Last;

    /// <inheritdoc/>
    protected override (double Fee, double FeeOut) CurveFees => (FeeRate / (double)SwapStep.FeeDenominator, 0);

    /// <summary>How far a swap may walk with the arrays that it is given.</summary>
    /// <param name="zeroForOne">Whether the price falls.</param>
    /// <param name="edge">The last tick it may reach.</param>
    /// <param name="isStep">Whether the edge is a step itself; else the swap ends at the last initialised tick before it.</param>
    /// <param name="endsThere">Whether the price range ends there, so that a swap stops without an error.</param>
    internal abstract void Reach(bool zeroForOne, out int edge, out bool isStep, out bool endsThere);

    /// <summary>The program's map from ticks to roots.</summary>
    internal abstract UInt128 RootAt(int tick);

    /// <summary>The program's map from roots to ticks.</summary>
    internal abstract int TickOf(UInt128 sqrtPrice);

    /// <inheritdoc/>
    protected override VenueRefusal SwapIn(bool zeroForOne, ulong amountIn, ref VenueFill fill) =>
        Walk(zeroForOne, amountIn, exactIn: true, ref fill);

    /// <inheritdoc/>
    protected override VenueRefusal SwapOut(bool zeroForOne, ulong amountOut, ref VenueFill fill) =>
        Walk(zeroForOne, amountOut, exactIn: false, ref fill);

    /// <inheritdoc/>
    public override VenueState After(in VenueFill fill) =>
        this with { SqrtPrice = fill.SqrtPriceAfter, Tick = TickAfter(fill), Liquidity = fill.LiquidityAfter };

    /// <summary>The tick that the program holds after a fill.</summary>
    public int TickAfter(in VenueFill fill) =>
        fill.IsOnTick ? fill.TickAfter : fill.SqrtPriceAfter == SqrtPrice ? Tick : TickOf(fill.SqrtPriceAfter);

    /// <summary>
    /// The curve over the known ticks. Between two initialised ticks the liquidity is constant; at the ends of what is known it is cut off.
    /// </summary>
    public override PoolCurve ToCurve()
    {
        if (CurveSpansAllTicks)
            return ConcentratedCurves.Of(this, Math.Max(Ticks.First, -OrcaTicks.TickMax), Math.Min(Ticks.Last, OrcaTicks.TickMax));
        Reach(zeroForOne: true, out var low, out _, out _);
        Reach(zeroForOne: false, out var high, out _, out _);
        return ConcentratedCurves.Of(this, low, high);
    }

    private VenueRefusal Walk(bool zeroForOne, ulong amount, bool exactIn, ref VenueFill fill)
    {
        Reach(zeroForOne, out var edge, out var isStep, out var endsThere);
        var (price, tick, liquidity) = (SqrtPrice, Tick, Liquidity);
        var next = zeroForOne ? Ticks.CountUpTo(tick) - 1 : Ticks.CountUpTo(tick);
        var remaining = amount;
        fill.IsOnTick = false;
        for (var step = 0; remaining > 0; step++)
        {
            var known = zeroForOne ? next >= 0 && Ticks[next].Tick >= edge : next < Ticks.Count && Ticks[next].Tick <= edge;
            var past = zeroForOne ? tick < edge : tick >= edge;
            if (step == StepsMax || (!known && (!isStep || past)))
                return endsThere && past ? Finish(price, liquidity, exactIn, amount, remaining, ref fill) : VenueRefusal.OutOfArrays;
            var targetTick = known ? Ticks[next].Tick : edge;
            var target = known ? Ticks.RootOf(next) : RootAt(edge);
            var part = exactIn
                ? SwapStep.ExactIn(price, target, liquidity, remaining, FeeRate, zeroForOne)
                : SwapStep.ExactOut(price, target, liquidity, remaining, FeeRate, zeroForOne);
            remaining = checked(remaining - (exactIn ? part.In + part.Fee : part.Out));
            fill.AmountIn = checked(fill.AmountIn + part.In + part.Fee);
            fill.AmountOut = checked(fill.AmountOut + part.Out);
            fill.Fee += part.Fee;
            price = part.Next;
            if (price != target)
            {
                fill.IsOnTick = false;
                continue;
            }

            if (known)
            {
                liquidity = Crossed(liquidity, Ticks[next].Net, zeroForOne);
                next += zeroForOne ? -1 : 1;
                fill.Crossings++;
            }

            tick = zeroForOne ? targetTick - 1 : targetTick;
            fill.IsOnTick = true;
            fill.TickAfter = tick;
        }

        return Finish(price, liquidity, exactIn, amount, remaining, ref fill);
    }

    private static VenueRefusal Finish(
        UInt128 price, UInt128 liquidity, bool exactIn, ulong amount, ulong remaining, ref VenueFill fill)
    {
        fill.SqrtPriceAfter = price;
        fill.LiquidityAfter = liquidity;
        var root = (double)price / Q64;
        fill.PriceAfter = root * root;
        return !exactIn && remaining > 0 ? VenueRefusal.InsufficientLiquidity
            : exactIn && remaining == amount ? VenueRefusal.InsufficientLiquidity
            : VenueRefusal.None;
    }

    private static UInt128 Crossed(UInt128 liquidity, Int128 net, bool zeroForOne)
    {
        var added = zeroForOne ? -net : net;
        return checked(added < 0 ? liquidity - (UInt128)(-added) : liquidity + (UInt128)added);
    }
}
