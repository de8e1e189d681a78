using QTrade.Markets.Arithmetic;

namespace QTrade.Markets.Venues;

/// <summary>
/// One step of a concentrated pool, at constant liquidity L from a square root price s towards a target, in the integers of Orca Whirlpool and
/// Raydium CLMM, which agree here: token 0 between two roots (L d 2^64) / (s s'), token 1 (L d) / 2^64, what goes in rounded up, what
/// comes out rounded down.
/// </summary>
internal struct SwapStep
{
    /// <summary>Fees count millionths.</summary>
    public const uint FeeDenominator = 1_000_000;

    /// <summary>Where the price stops.</summary>
    public UInt128 Next;

    /// <summary>What goes in, without fee.</summary>
    public ulong In;

    /// <summary>What comes out.</summary>
    public ulong Out;

    /// <summary>The fee on top of <see cref="In"/>.</summary>
    public ulong Fee;

    /// <summary>A step of an exact-in swap with so much left, fee included.</summary>
    /// <exception cref="OverflowException">A number passes what the programs hold.</exception>
    public static SwapStep ExactIn(UInt128 price, UInt128 target, UInt128 liquidity, ulong remaining, uint fee, bool zeroForOne)
    {
        var keep = (ulong)((UInt128)remaining * (FeeDenominator - fee) / FeeDenominator);
        SwapStep step = default;
        if (WithinReach(price, target, liquidity, keep, zeroForOne, roundUp: true))
        {
            step.Next = target;
        }
        else
        {
            step.Next = zeroForOne ? AfterToken0(price, liquidity, keep, goesIn: true) : AfterToken1(price, liquidity, keep, goesIn: true);
        }

        step.In = Token(zeroForOne, price, step.Next, liquidity, roundUp: true);
        step.Out = Token(!zeroForOne, price, step.Next, liquidity, roundUp: false);
        step.Fee = step.Next == target ? FeeOn(step.In, fee) : checked(remaining - step.In);
        return step;
    }

    /// <summary>A step of an exact-out swap with so much still to come out.</summary>
    /// <exception cref="OverflowException">A number passes what the programs hold.</exception>
    public static SwapStep ExactOut(UInt128 price, UInt128 target, UInt128 liquidity, ulong remaining, uint fee, bool zeroForOne)
    {
        SwapStep step = default;
        if (WithinReach(price, target, liquidity, remaining, !zeroForOne, roundUp: false))
        {
            step.Next = target;
        }
        else
        {
            step.Next = zeroForOne
                ? AfterToken1(price, liquidity, remaining, goesIn: false)
                : AfterToken0(price, liquidity, remaining, goesIn: false);
        }

        step.In = Token(zeroForOne, price, step.Next, liquidity, roundUp: true);
        step.Out = Math.Min(Token(!zeroForOne, price, step.Next, liquidity, roundUp: false), remaining);
        step.Fee = FeeOn(step.In, fee);
        return step;
    }

    private static ulong FeeOn(ulong amount, uint fee) =>
        fee == 0 ? 0 : WideProduct.MulDivUp(amount, fee, FeeDenominator - fee);

    /// <summary>Whether the token between two roots is at most this, compared by multiplying: the division is saved where the answer is no.</summary>
    private static bool WithinReach(UInt128 price, UInt128 target, UInt128 liquidity, ulong amount, bool token0, bool roundUp)
    {
        var (low, high) = price < target ? (price, target) : (target, price);
        if (!token0)
        {
            var product = WideProduct.Multiply(liquidity, high - low);
            var bound = WideProduct.WidenShifted(amount);
            return roundUp ? product <= bound : product < WideProduct.WidenShifted((UInt128)amount + 1);
        }

        var numerator = Numerator(liquidity, high - low);
        var denominator = WideProduct.Multiply(low, high);
        return roundUp
            ? numerator <= UInt256.MulShiftDown(denominator, amount, 0)
            : numerator < UInt256.MulShiftDown(denominator, WideProduct.Widen((UInt128)amount + 1), 0);
    }

    /// <summary>How much of token 0 or 1 lies between two roots.</summary>
    private static ulong Token(bool token0, UInt128 a, UInt128 b, UInt128 liquidity, bool roundUp)
    {
        var (low, high) = a < b ? (a, b) : (b, a);
        var distance = high - low;
        if (distance == UInt128.Zero || liquidity == UInt128.Zero)
            return 0;
        if (token0)
        {
            var numerator = Numerator(liquidity, distance);
            var denominator = WideProduct.Multiply(low, high);
            var quotient = roundUp ? UInt256.MulDivUp(numerator, UInt256.One, denominator) : UInt256.MulDivDown(numerator, UInt256.One, denominator);
            return WideProduct.NarrowTo64(WideProduct.Narrow(quotient));
        }

        var product = WideProduct.Multiply(liquidity, distance);
        if (product.Limb(2) != 0 || product.Limb(3) != 0)
            throw new OverflowException("an amount passes 64 bits");
        return roundUp && product.Limb(0) != 0 ? checked(product.Limb(1) + 1) : product.Limb(1);
    }

    private static UInt256 Numerator(UInt128 liquidity, UInt128 distance)
    {
        var product = WideProduct.Multiply(liquidity, distance);
        if (product.Limb(3) != 0)
            throw new OverflowException("a product passes 256 bits");
        return new UInt256(0, product.Limb(0), product.Limb(1), product.Limb(2));
    }

    /// <summary>s' = ceil(L 2^64 s / (L 2^64 +- s amount)).</summary>
    private static UInt128 AfterToken0(UInt128 price, UInt128 liquidity, ulong amount, bool goesIn)
    {
        if (amount == 0)
            return price;
        var shifted = WideProduct.WidenShifted(liquidity);
        var product = WideProduct.Multiply(price, amount);
        if (!goesIn && shifted <= product)
            throw new OverflowException("more is asked for than the pool holds");
        var denominator = goesIn ? shifted + product : shifted - product;
        return WideProduct.Narrow(UInt256.MulDivUp(shifted, WideProduct.Widen(price), denominator));
    }

    /// <summary>s' = s + floor(amount 2^64 / L), or s - ceil(amount 2^64 / L).</summary>
    private static UInt128 AfterToken1(UInt128 price, UInt128 liquidity, ulong amount, bool goesIn)
    {
        var shifted = (UInt128)amount << 64;
        return checked(goesIn ? price + shifted / liquidity : price - WideProduct.CeilDiv(shifted, liquidity));
    }
}
