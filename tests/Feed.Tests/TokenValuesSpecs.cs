using QTrade.Feed.Tests.Endpoint;
using QTrade.Node.Feeds;

namespace QTrade.Feed.Tests;

/// <summary>What base units are worth.</summary>
public sealed class TokenValuesSpecs
{
    [Fact]
    public void A_base_unit_is_worth_its_part_of_the_whole_token_and_nothing_where_that_is_not_known()
    {
        var mint = PairVenue.Mint(0);
        Assert.True(TokenValues.TryParse($"{mint}=2", out var values, out _));
        Assert.Equal((2, 0.002, 0), (values.OfBaseUnit(mint, 0), values.OfBaseUnit(mint, 3), values.OfBaseUnit(mint, null)));
    }
}
