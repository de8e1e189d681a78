using QTrade.Node.Configuration;
using QTrade.Node.Feeds;
using QTrade.Solana;
using QTrade.Solana.Rpc;

namespace QTrade.Feed.Tests;

/// <summary>Venues whose pools a feed searches for, as settings name them.</summary>
public sealed class VenueSettingSpecs
{
    [Fact]
    public async Task Every_venue_that_is_quoted_goes_by_its_name_in_market_files()
    {
        foreach (var venue in PoolQueries.Venues)
            Assert.Null(await ErrorAsync(VenueNames.Of(venue)));
    }

    [Theory]
    [InlineData("orcawhirlpool, RaydiumCPMM")]
    [InlineData("Orca-Whirlpool raydium-cpmm")]
    public async Task Hyphens_and_capitals_do_not_matter(string venues) => Assert.Null(await ErrorAsync(venues));

    [Theory]
    [InlineData("none")]
    [InlineData("pumpswap")]
    [InlineData("4")]
    [InlineData("-")]
    public async Task What_is_no_venue_to_search_is_told_with_those_that_are(string venues) => Assert.Equal(
        $"qtrade.solana.venues: '{venues}' is none of raydium-amm-v4, raydium-cpmm, raydium-clmm, orca-whirlpool, meteora-dlmm, meteora-damm-v2, token-swap",
        await ErrorAsync($"orca-whirlpool,{venues}"));

    private static async Task<string?> ErrorAsync(string venues)
    {
        var options = new NodeOptions { Feed = FeedKind.Solana, Solana = new SolanaOptions { Rpc = "http://127.0.0.1:9", Venues = venues } };
        if (!ChainFeeds.TryOpen(options, path => path, TimeProvider.System, out var feed, out _, out var error))
            return error;
        await using (feed)
            return null;
    }
}
