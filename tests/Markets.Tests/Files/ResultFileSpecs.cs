using System.Text;
using System.Text.Json;
using QTrade.Markets.Files;

namespace QTrade.Markets.Tests.Files;

public sealed class ResultFileSpecs
{
    private static MarketResult Result => new()
    {
        Market = "m",
        MarketHash = MarketHash.Of("{}"u8),
        Solver = "solver 1",
        Status = ResultStatus.Optimal,
        Profit = 21.499808763579313,
        UpperBound = 21.49980876357932,
        Gap = 1e-12,
        Prices = [1.5, 10, 0.1 + 0.2],
        NetFlow = [-0.0, 5e-324, 3.3333333333333335e22],
        Trades = [new PoolTrade(new PoolId("p1"), [0, 3.1], [0.2, 0], 1.25, 1.5)],
        Iterations = 9,
    };

    [Fact]
    public void A_result_comes_back_to_the_same_bits()
    {
        var read = Read(ResultFile.Write(Result));
        Assert.Equal(Result, read);
        Assert.Equal(
            Result.NetFlow.Select(BitConverter.DoubleToInt64Bits),
            read.NetFlow.Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal(ResultFile.Write(Result), ResultFile.Write(read));
    }

    [Fact]
    public void What_may_be_left_out_comes_back_as_it_was()
    {
        var full = Result with
        {
            ElapsedMs = 0.4,
            UnlimitedBound = 30,
            Explanation = """{"why":["because",{"deep":1e-7}]}""",
            Search = """{"leaves":[]}""",
        };
        Assert.Equal(full, Read(ResultFile.Write(full)));
        Assert.DoesNotContain("elapsedMs", Encoding.UTF8.GetString(ResultFile.Write(Result)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ResultStatus.Optimal, "optimal")]
    [InlineData(ResultStatus.NoArbitrage, "noArbitrage")]
    [InlineData(ResultStatus.Inaccurate, "inaccurate")]
    [InlineData(ResultStatus.Budget, "budget")]
    [InlineData(ResultStatus.Invalid, "invalid")]
    public void A_status_has_the_formats_name(ResultStatus status, string name)
    {
        Assert.Equal(name, ResultFile.NameOf(status));
        Assert.Equal(status, Read(ResultFile.Write(Result with { Status = status })).Status);
    }

    [Theory]
    [InlineData("\"status\":\"optimal\"", "\"status\":\"good\"", "field status: must be one of optimal, noArbitrage")]
    [InlineData("\"profit\":", "\"gain\":", "field profit: is missing")]
    [InlineData("\"iterations\":9", "\"iterations\":-1", "field iterations: must be a whole number")]
    [InlineData(",\"iterations\":9", "", "field iterations: is missing")]
    [InlineData("\"gap\":1E-12", "\"gap\":\"NaN\"", "field gap: must be a finite number")]
    [InlineData("\"tender\":[0,3.1]", "\"tender\":[0,1e999]", "field trades[0].tender[1]: must be a finite number")]
    [InlineData("\"marginalPriceAfter\"", "\"after\"", "field trades[0].marginalPriceAfter: is missing")]
    [InlineData("\"iterations\"", "\"extra\":1,\"iterations\"", "field extra: is not a field of this format")]
    [InlineData("\"iterations\"", "\"search\":3,\"iterations\"", "field search: must be a JSON object")]
    [InlineData("\"iterations\"", "\"search\":{},\"iterations\"", "field search.leaves: is missing")]
    [InlineData("\"iterations\"", "\"search\":{\"leaves\":[{\"forcedIn\":[]}]},\"iterations\"", "field search.leaves[0].forcedOut: is missing")]
    [InlineData("\"iterations\"", "\"search\":{\"leaves\":[],\"tree\":1},\"iterations\"", "field search.tree: is not a field of this format")]
    [InlineData("\"iterations\"", "\"explanation\":3,\"iterations\"", "field explanation: must be a JSON object")]
    [InlineData("qtrade.result/1", "qtrade.market/1", "field format: is 'qtrade.market/1'")]
    public void A_result_that_is_wrong_gets_one_line(string part, string instead, string says)
    {
        var text = Encoding.UTF8.GetString(ResultFile.Write(Result));
        Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.False(ResultFile.TryRead(Encoding.UTF8.GetBytes(text.Replace(part, instead)), "r.json", out _, out var error));
        Assert.Contains(says, error.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("r.json:1: ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_is_not_finite_is_never_written() =>
        Assert.ThrowsAny<ArgumentException>(() => ResultFile.Write(Result with { Profit = double.NaN }));

    [Fact]
    public void The_replaced_systems_shape_holds_every_pool_in_the_files_order()
    {
        var market = new Market
        {
            Name = "m",
            Tokens = [Token("A"), Token("B"), Token("C")],
            Pools = [Pool("p0", "C", "A"), Pool("p1", "A", "B")],
        };
        using var json = JsonDocument.Parse(ArbitrageResultFile.Write(market, Result));
        Assert.Equal("optimal", json.RootElement.GetProperty("status").GetString());
        Assert.Equal("[[0,0],[0,3.1]]", json.RootElement.GetProperty("deltas").GetRawText());
        Assert.Equal("[[0,0],[0.2,0]]", json.RootElement.GetProperty("lambdas").GetRawText());
        Assert.Equal("[[[0,1],[0,0],[1,0]],[[1,0],[0,1],[0,0]]]", json.RootElement.GetProperty("aMatrices").GetRawText());
        Assert.Throws<ArgumentException>(() => ArbitrageResultFile.Write(market with { Pools = [] }, Result));
    }

    [Fact]
    public void The_hash_is_that_of_the_bytes() =>
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", MarketHash.Of([]));

    private static Token Token(string id) => new() { Id = new(id), Value = 1 };

    private static Pool Pool(string id, string first, string second) =>
        new() { Id = new(id), Tokens = [new(first), new(second)], Fee = 0, Curve = new ProductCurve([1, 1]) };

    private static MarketResult Read(byte[] file)
    {
        Assert.True(ResultFile.TryRead(file, "r.json", out var result, out var error), error?.ToString());
        return result;
    }
}
