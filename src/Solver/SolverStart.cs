using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace QTrade.Solver;

/// <summary>
/// Where a solve begins: cold, or at the dual prices of an earlier decision. It is an input like any other (the same problem from
/// the same start gives the same bits), and it never changes what is certified, only the way there.
/// </summary>
public sealed class SolverStart
{
    private SolverStart(ImmutableArray<double> prices, ImmutableArray<RoutingTrade> trades, double[]? pairTenders = null) =>
        (Prices, Trades, PairTenders) = (prices, trades, pairTenders ?? []);

    /// <summary>Begin from the market values and the pools' own prices alone.</summary>
    public static SolverStart Cold { get; } = new([], []);

    /// <summary>The prices nu to begin at, one per token in the problem's order; empty for a cold start.</summary>
    public ImmutableArray<double> Prices { get; }

    /// <summary>
    /// The trades of that decision, in the problem's order of pools; empty where only its prices are given. <see cref="Warm.RoutingSession"/> keeps those far from what moved.
    /// </summary>
    public ImmutableArray<RoutingTrade> Trades { get; }

    /// <summary>The same as two tenders per pool of the problem, nothing for pools of more tokens; empty where <see cref="Trades"/> are meant.</summary>
    internal double[] PairTenders { get; }

    /// <summary>Whether this is the cold start.</summary>
    public bool IsCold => Prices.IsEmpty;

    /// <summary>
    /// Begin at the prices of an earlier solution, in the problem's order of tokens. A token whose price is missing, not positive or not finite begins where a cold start has it, one whose price is below its value
    /// at its value. Newton's method begins at all others as they are, however far they lie from the cold start's (tokens of next to no worth have such prices), and the interior
    /// point, which no near start helps much and a far one hurts, at those within a factor of a million of its own; both begin again cold where no step leads on from there.
    /// </summary>
    public static SolverStart FromPrices(ImmutableArray<double> prices) => prices.IsDefaultOrEmpty ? Cold : new(prices, []);

    /// <summary>Begin at the prices and with the trades of an earlier solution of the same tokens and pools, some of which may have moved since.</summary>
    public static SolverStart FromDecision(ImmutableArray<double> prices, ImmutableArray<RoutingTrade> trades) =>
        prices.IsDefaultOrEmpty ? Cold : new(prices, trades.IsDefault ? [] : trades);

    /// <summary>The same from arrays that the caller goes on writing to between solves, so that one start serves them all.</summary>
    internal static SolverStart Over(double[] prices, double[] pairTenders) => new(ImmutableCollectionsMarshal.AsImmutableArray(prices), [], pairTenders);
}
