using System.Collections.Immutable;
using QTrade.Markets.Arithmetic;
using QTrade.Markets.Kinds;

namespace QTrade.Markets.Quotes;

/// <summary>
/// Settles one leg through a pool, exactly (law 5): by its venue's integers where it has them, else on its curve in fixed point of 256 bits,
/// the tender rounded up and what is received rounded down. The simulated chain, quotes and paper execution all call this. Pools are taken to have passed <see cref="PoolRules"/>.
/// </summary>
public static class PoolQuotes
{
    // An exact-out that is computed by approximations lands within a step of the least tender that fetches the amount.
    private const int RefinementSteps = 4;

    /// <summary>What a tender fetches. An amount between two steps of its grid is rounded up, and that tender is what is quoted.</summary>
    public static QuoteError ExactIn(
        Pool pool,
        int tokenIn,
        int tokenOut,
        double amountIn,
        AmountGrid gridIn,
        AmountGrid gridOut,
        out Quote quote)
    {
        quote = default;
        if (Refusal(pool, tokenIn, tokenOut, amountIn, out var kind) is var refusal && refusal != QuoteError.None)
            return refusal;
        if (pool.Venue is not null)
            return VenueQuotes.ExactIn(kind!, new Leg(pool, tokenIn, tokenOut), amountIn, out quote);
        try
        {
            var leg = new Leg(pool, tokenIn, tokenOut);
            var tenderIn = gridIn.Up(amountIn);
            if (PassesBound(pool, tokenIn, tenderIn))
                return QuoteError.TradingBound;
            var error = kind!.ExactIn(leg, FixedAmount.From(tenderIn), out var fill);
            if (error == QuoteError.None)
                quote = Settle(kind, leg, tenderIn, gridOut.Down(fill.Amount), fill);
            return error;
        }
        catch (OverflowException)
        {
            return QuoteError.OutOfRange;
        }
    }

    /// <summary>The least tender that fetches an amount. An amount between two steps of its grid is rounded up, and that is what is received.</summary>
    public static QuoteError ExactOut(
        Pool pool,
        int tokenIn,
        int tokenOut,
        double amountOut,
        AmountGrid gridIn,
        AmountGrid gridOut,
        out Quote quote)
    {
        quote = default;
        if (Refusal(pool, tokenIn, tokenOut, amountOut, out var kind) is var refusal && refusal != QuoteError.None)
            return refusal;
        if (pool.Venue is not null)
            return VenueQuotes.ExactOut(kind!, new Leg(pool, tokenIn, tokenOut), amountOut, out quote);
        try
        {
            var leg = new Leg(pool, tokenIn, tokenOut);
            var receiveOut = gridOut.Up(amountOut);
            var error = kind!.ExactOut(leg, FixedAmount.From(receiveOut), out var fill);
            if (error != QuoteError.None)
                return error;
            var tenderIn = kind.ApproximatesExactOut
                ? LeastTender(kind, leg, gridIn, gridIn.Up(fill.Amount), FixedAmount.From(receiveOut))
                : gridIn.Up(fill.Amount);
            if (PassesBound(pool, tokenIn, tenderIn))
                return QuoteError.TradingBound;
            quote = Settle(kind, leg, tenderIn, receiveOut, fill);
            return QuoteError.None;
        }
        catch (OverflowException)
        {
            return QuoteError.OutOfRange;
        }
    }

    /// <summary>What the next small tender fetches per unit, after fees; 0 where the pool gives nothing of the other token.</summary>
    public static double MarginalPrice(Pool pool, int tokenIn, int tokenOut)
    {
        if (Refusal(pool, tokenIn, tokenOut, 1, out var kind) != QuoteError.None)
            return 0;
        return MarginalPrice(kind!, new Leg(pool, tokenIn, tokenOut), pool.Curve);
    }

    // Reserves that exact arithmetic refuses may have a price that is no number.
    internal static double MarginalPrice(PoolKind kind, in Leg leg, PoolCurve curve)
    {
        var price = kind.MarginalPrice(leg, curve);
        return double.IsFinite(price) ? price : 0;
    }

    private static QuoteError Refusal(Pool pool, int tokenIn, int tokenOut, double amount, out PoolKind? kind)
    {
        kind = null;
        var tokens = pool.Tokens.Length;
        if (!(amount > 0 && double.IsFinite(amount)))
            return QuoteError.InvalidAmount;
        if ((uint)tokenIn >= (uint)tokens || (uint)tokenOut >= (uint)tokens || tokenIn == tokenOut)
            return QuoteError.InvalidTokens;
        if (!PoolKinds.TryGet(pool.Curve.Kind, out kind))
            throw new ArgumentException($"'{pool.Curve.Kind}' is not a registered kind of pool", nameof(pool));
        return QuoteError.None;
    }

    internal static bool PassesBound(Pool pool, int tokenIn, double tenderIn) =>
        !pool.MaxTender.IsDefaultOrEmpty && tenderIn > pool.MaxTender[tokenIn];

    private static double LeastTender(PoolKind kind, in Leg leg, AmountGrid grid, double start, in UInt256 receive)
    {
        var tender = start;
        for (var step = 0; step < RefinementSteps && !Fetches(kind, leg, tender, receive); step++)
            tender = grid.Up(FixedAmount.From(tender) + UInt256.One);
        for (var step = 0; step < RefinementSteps && tender > 0; step++)
        {
            var less = grid.Down(UInt256.SubtractOrZero(FixedAmount.From(tender), UInt256.One));
            if (less <= 0 || !Fetches(kind, leg, less, receive))
                break;
            tender = less;
        }

        return tender;
    }

    private static bool Fetches(PoolKind kind, in Leg leg, double tender, in UInt256 receive) =>
        kind.ExactIn(leg, FixedAmount.From(tender), out var fill) == QuoteError.None && fill.Amount >= receive;

    private static Quote Settle(PoolKind kind, in Leg leg, double tenderIn, double receiveOut, in PoolFill fill)
    {
        var after = fill.After ?? Reserves(leg, tenderIn, receiveOut);
        var before = MarginalPrice(kind, leg, leg.Pool.Curve);
        return new Quote(
            tenderIn,
            receiveOut,
            FixedAmount.ToDoubleUp(fill.Fee),
            receiveOut * leg.Pool.FeeOutOf(leg.TokenOut) / leg.Pool.KeptOutOf(leg.TokenOut),
            before,
            MarginalPrice(kind, leg, after),
            before > 0 ? Math.Clamp(1 - receiveOut / tenderIn / before, 0, 1) : 0,
            after);
    }

    /// <summary>R + Delta - Lambda; a sum that is no double is rounded up, so that no invariant falls by rounding.</summary>
    private static PoolCurve Reserves(in Leg leg, double tenderIn, double receiveOut)
    {
        var state = leg.Pool.Curve.State;
        var after = ImmutableArray.CreateBuilder<double>(state.Length);
        after.AddRange(state);
        after[leg.TokenIn] = FixedAmount.ToDoubleUp(FixedAmount.From(state[leg.TokenIn]) + FixedAmount.From(tenderIn));
        after[leg.TokenOut] = FixedAmount.ToDoubleUp(FixedAmount.From(state[leg.TokenOut]) - FixedAmount.From(receiveOut));
        return leg.Pool.Curve.WithState(after.MoveToImmutable());
    }
}
