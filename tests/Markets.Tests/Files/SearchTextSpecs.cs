using QTrade.Markets.Files;

namespace QTrade.Markets.Tests.Files;

public sealed class SearchTextSpecs
{
    private static readonly MarketSearch Search = new(
        7,
        [1.5, 0.1 + 0.2],
        [
            new([new PoolId("p1"), new PoolId("p 2\"")], [], [1.5, 5e-324], 21.499808763579313),
            new([], [new PoolId("p1")], [2, 3.3333333333333335e22], -0.25),
        ]);

    [Fact]
    public void A_search_comes_back_to_the_same_bits()
    {
        string text = SearchText.Write(Search);
        Assert.True(SearchText.TryRead(text, out MarketSearch? read, out string? fault), fault);
        Assert.Equal(Search, read);
        Assert.Equal(text, SearchText.Write(read));
    }

    [Fact]
    public void Any_field_that_differs_makes_another_search()
    {
        MarketSearchLeaf leaf = Search.Leaves[0];
        Assert.All(
            (MarketSearchLeaf[])[leaf with { Bound = 1 }, leaf with { Prices = [1.5, 0] }, leaf with { ForcedIn = [] }, leaf with { ForcedOut = [new("p3")] }],
            other => Assert.NotEqual(Search, Search with { Leaves = Search.Leaves.SetItem(0, other) }));
        Assert.NotEqual(Search, Search with { Nodes = 8 });
        Assert.NotEqual(Search, Search with { UnlimitedPrices = [] });
    }

    [Theory]
    [InlineData("{", "is not JSON")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("{\"leaves\":{}}", "field search.leaves: must be an array")]
    [InlineData("{\"nodes\":-1,\"leaves\":[]}", "field search.nodes: must be a whole number")]
    [InlineData("{\"leaves\":[{\"forcedIn\":[1],\"forcedOut\":[],\"prices\":[],\"bound\":0}]}", "field search.leaves[0].forcedIn[0]: must be a text")]
    [InlineData("{\"leaves\":[{\"forcedIn\":[],\"forcedOut\":[],\"prices\":[1e999],\"bound\":0}]}", "field search.leaves[0].prices[0]: must be a finite number")]
    [InlineData("{\"leaves\":[{\"forcedIn\":[],\"forcedOut\":[],\"prices\":[]}]}", "field search.leaves[0].bound: is missing")]
    public void A_search_that_is_wrong_gets_one_line(string text, string says)
    {
        Assert.False(SearchText.TryRead(text, out _, out string? fault));
        Assert.Contains(says, fault, StringComparison.Ordinal);
    }
}
