using QTrade.Markets.Files;
using QTrade.Markets.Quotes;
using QTrade.Shared;

namespace QTrade.Markets.Tests.Files;

/// <summary>The samples that come with the program are valid, and do what their README says.</summary>
public sealed class SampleSpecs
{
    [Theory]
    [InlineData("orca-185759999.json", 408, 232, AmountUnit.Base)]
    [InlineData("five-pools.json", 5, 4, AmountUnit.Whole)]
    [InlineData("six-kinds.json", 9, 6, AmountUnit.Whole)]
    public void A_sample_is_read_and_comes_back_the_same(string file, int pools, int tokens, AmountUnit units)
    {
        var market = Read(file);
        Assert.Equal((pools, tokens, units), (market.Pools.Length, market.Tokens.Length, market.Units));
        Assert.True(MarketFile.TryRead(MarketFile.Write(market), "again.json", out var again, out var error), error?.ToString());
        Assert.Equal(market, again);
    }

    [Fact]
    public void Every_kind_is_in_the_mixed_sample_and_trades_both_ways()
    {
        var market = Read("six-kinds.json");
        var grids = market.Tokens.ToDictionary(token => token.Id, token => AmountGrid.Of(market.Units, token));
        Assert.Equal(6, market.Pools.Select(pool => pool.Curve.Kind).Distinct().Count());
        foreach (var pool in market.Pools)
        {
            foreach (var (tokenIn, tokenOut) in new[] { (0, 1), (1, 0) })
            {
                var error = PoolQuotes.ExactIn(
                    pool, tokenIn, tokenOut, 1, grids[pool.Tokens[tokenIn]], grids[pool.Tokens[tokenOut]], out var quote);
                Assert.Equal(QuoteError.None, error);
                Assert.InRange(quote.ReceiveOut, double.Epsilon, 1e9);
            }
        }
    }

    [Fact]
    public void The_orca_sample_names_its_source_and_licence()
    {
        Assert.Contains("MIT", Read("orca-185759999.json").Source, StringComparison.Ordinal);
        Assert.Contains("Copyright (c) 2023 yugure-orca", File.ReadAllText(SharedFiles.Sample("README.md")), StringComparison.Ordinal);
    }

    private static Market Read(string file)
    {
        Assert.True(MarketFile.TryReadFile(SharedFiles.Sample(file), out var market, out _, out var error), error?.ToString());
        return market;
    }
}
