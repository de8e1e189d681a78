using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Verification.Checks;

namespace QTrade.Verification.Tests;

/// <summary>Markets and results written down by hand.</summary>
internal static class HandMade
{
    public const string Hash = "0123456789abcdef";

    /// <summary>
    /// Two product pools without fees, A valued 1 and B nothing. Equal marginal prices of 4 B per A at reserves (50, 200) and (75, 300):
    /// profit 50 - 18.75 = 31.25 A, nu_B = 1/4, dual (10 - 5)^2 + (10 - 7.5)^2 = 31.25. Every number is a double.
    /// </summary>
    public static Market TwoPools { get; } = new()
    {
        Name = "two-pools",
        Tokens = [Token("A", 1), Token("B", 0)],
        Pools = [Pool("p1", ["A", "B"], new ProductCurve([100, 100])), Pool("p2", ["A", "B"], new ProductCurve([56.25, 400]))],
    };

    public static MarketResult TwoPoolsAnswer { get; } = new()
    {
        Market = "two-pools",
        MarketHash = Hash,
        Solver = "by hand",
        Status = ResultStatus.Optimal,
        Profit = 31.25,
        UpperBound = 31.25,
        Gap = 0,
        Prices = [1, 0.25],
        NetFlow = [31.25, 0],
        Trades = [Trade("p1", [0, 100], [50, 0]), Trade("p2", [18.75, 0], [0, 100])],
        Iterations = 0,
    };

    /// <summary>A market of one pool whose tokens are held in plenty, so that any trade with it is balanced.</summary>
    public static Market OnePool(PoolCurve curve, double feeOut = 0, ImmutableArray<double> maxTender = default, int tokens = 2) => new()
    {
        Name = "one-pool",
        Tokens = [.. Enumerable.Range(0, tokens).Select(j => Token($"t{j}", 1 + j, 1e6))],
        Pools =
        [
            Pool("p", [.. Enumerable.Range(0, tokens).Select(j => $"t{j}")], curve) with
            {
                Fee = 0.003,
                FeeOut = feeOut,
                MaxTender = maxTender.IsDefault ? [] : maxTender,
            },
        ],
    };

    /// <summary>The honest result of some trades: true profit, true dual at the prices (1 + 1e-15 above it), the status that follows.</summary>
    public static MarketResult Result(Market market, ImmutableArray<double> prices, params PoolTrade[] trades)
    {
        var pools = new CheckedMarket(market);
        var known = trades.Select(trade => (pools.TryFind(trade.Pool, out int index) ? index : -1, trade)).ToList();
        var flows = new NetFlows(pools, known);
        double profit = flows.Profit(market).ToDouble();
        double bound = new DualBound(pools, prices.AsSpan()).Value.ToDouble() * (1 + 1e-15);
        double gap = (bound - profit) / Math.Max(Math.Abs(bound), 1e-9);
        return new()
        {
            Market = market.Name,
            MarketHash = Hash,
            Solver = "by hand",
            Status = bound <= 1e-9 ? ResultStatus.NoArbitrage : gap <= 1e-9 ? ResultStatus.Optimal : ResultStatus.Inaccurate,
            Profit = profit,
            UpperBound = bound,
            Gap = gap,
            Prices = prices,
            NetFlow = [.. flows.Psi.Select(psi => psi.ToDouble())],
            Trades = [.. trades],
            Iterations = 0,
        };
    }

    public static Token Token(string id, double value, double holding = 0) => new() { Id = new(id), Value = value, Holding = holding };

    public static Pool Pool(string id, string[] tokens, PoolCurve curve) =>
        new() { Id = new(id), Tokens = [.. tokens.Select(token => new TokenId(token))], Fee = 0, Curve = curve };

    public static PoolTrade Trade(string pool, ImmutableArray<double> tender, ImmutableArray<double> receive) =>
        new(new(pool), tender, receive, 1, 1);
}
