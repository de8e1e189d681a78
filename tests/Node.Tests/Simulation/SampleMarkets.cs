using QTrade.Markets;
using QTrade.Markets.Files;

namespace QTrade.Node.Tests.Simulation;

/// <summary>Small markets that specs of the node run on.</summary>
internal static class SampleMarkets
{
    /// <summary>The market that the program starts with: every Orca Whirlpool of one slot.</summary>
    public static Market Orca { get; } = Read(Path.Combine(AppContext.BaseDirectory, "samples", "orca-185759999.json"));

    /// <summary>Four tokens, one of them without a market value, and a pool of every kind.</summary>
    public static Market Mixed { get; } = new()
    {
        Name = "mixed",
        Slot = 1_000,
        Tokens =
        [
            new Token { Id = new TokenId("A"), Value = 10, Decimals = 6 },
            new Token { Id = new TokenId("B"), Value = 1, Decimals = 6 },
            new Token { Id = new TokenId("C"), Value = 1, Decimals = 6 },
            new Token { Id = new TokenId("D"), Value = 0, Decimals = 6 },
        ],
        Pools =
        [
            Pool("product", 0.003, ["A", "B"], new ProductCurve([1_000, 10_000])),
            Pool("product-2", 0.002, ["A", "C"], new ProductCurve([2_000, 20_100])),
            Pool("weighted", 0.003, ["A", "B", "D"], new WeightedCurve([500, 5_000, 20_000], [0.4, 0.4, 0.2])),
            Pool("sum", 0.0005, ["B", "C"], new SumCurve([40_000, 40_000], [1, 1])),
            Pool("stable", 0.0004, ["B", "C"], new StableCurve([80_000, 80_000], 100, [1, 1])),
            Pool(
                "concentrated",
                0.003,
                ["A", "B"],
                new ConcentratedCurve(10.01, [5, 9, 9.9, 10.1, 11, 20], [500, 5_000, 50_000, 5_000, 500])),
            Pool(
                "bins",
                0.001,
                ["D", "B"],
                new BinsCurve([new Bin(0.12, 0, 300), new Bin(0.124, 0, 300), new Bin(0.125, 1_200, 150), new Bin(0.126, 2_400, 0), new Bin(0.13, 2_400, 0)])),
        ],
    };

    /// <summary>Pools that are empty, wholly or on one side.</summary>
    public static Market Empty { get; } = Mixed with
    {
        Name = "empty",
        Pools =
        [
            Pool("nothing", 0.003, ["A", "B"], new ProductCurve([0, 0])),
            Pool("one-sided", 0.003, ["A", "B"], new ProductCurve([10, 0])),
            Pool("sum-one-sided", 0.003, ["B", "C"], new SumCurve([0, 5], [1, 1])),
            Pool("no-liquidity", 0.003, ["A", "B"], new ConcentratedCurve(10, [9, 11], [0])),
            Pool("beyond", 0.003, ["A", "B"], new ConcentratedCurve(12, [9, 11], [5])),
            Pool("empty-bins", 0.003, ["A", "B"], new BinsCurve([new Bin(9, 0, 0), new Bin(10, 0, 0)])),
        ],
    };

    private static Market Read(string path)
    {
        Assert.True(MarketFile.TryReadFile(path, out var market, out _, out var error), error?.ToString());
        return market!;
    }

    private static Pool Pool(string id, double fee, string[] tokens, PoolCurve curve) => new()
    {
        Id = new PoolId(id),
        Fee = fee,
        Tokens = [.. tokens.Select(token => new TokenId(token))],
        Curve = curve,
    };
}
