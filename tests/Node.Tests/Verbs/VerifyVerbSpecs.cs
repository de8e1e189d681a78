using System.Text.Json;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Node.Verbs;

namespace QTrade.Node.Tests.Verbs;

public sealed class VerifyVerbSpecs : IDisposable
{
    /// <summary>Two pools that agree on the price: nothing to earn, proven by the values as prices.</summary>
    private const string FairMarket = """
        { "format": "qtrade.market/1", "name": "fair", "tokens": [ {"id": "A", "value": 1}, {"id": "B", "value": 2} ],
          "pools": [ {"id": "p", "kind": "product", "tokens": ["A", "B"], "fee": 0.003, "reserves": [2000, 1000]},
                     {"id": "q", "kind": "product", "tokens": ["A", "B"], "fee": 0.003, "reserves": [200, 100]} ] }
        """;

    private readonly ProgramRun _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task A_right_result_is_verified()
    {
        WriteMarketAndResult(profit: 0);

        ProgramAnswer answer = await _program.RunAsync("verify", "market.json", "result.json");

        Assert.Equal(ExitCode.Done, answer.ExitCode);
        Assert.Contains("verified", answer.Out, StringComparison.Ordinal);
        Assert.Empty(answer.Error);
    }

    [Fact]
    public async Task A_wrong_result_is_answered_no_with_the_check_that_failed()
    {
        WriteMarketAndResult(profit: 1);

        ProgramAnswer text = await _program.RunAsync("verify", "market.json", "result.json");
        ProgramAnswer json = await _program.RunAsync("verify", "market.json", "result.json", "--json");

        Assert.Equal((ExitCode.No, ExitCode.No), (text.ExitCode, json.ExitCode));
        Assert.Contains("FAIL  profit", text.Out, StringComparison.Ordinal);
        using JsonDocument report = JsonDocument.Parse(json.Out);
        Assert.False(report.RootElement.GetProperty("verified").GetBoolean());
        Assert.Contains(report.RootElement.GetProperty("checks").EnumerateArray(), check => check.GetProperty("name").GetString() == "profit" && !check.GetProperty("ok").GetBoolean());
    }

    [Theory]
    [InlineData("{ \"format\": \"qtrade.result/1\", \"profit\": }", "result.json")]
    [InlineData("{ \"format\": \"qtrade.result/9\" }", "field format")]
    public async Task A_result_that_cannot_be_read_is_bad_input(string result, string expected)
    {
        WriteMarketAndResult(profit: 0);
        _program.Write("result.json", result);

        ProgramAnswer answer = await _program.RunAsync("verify", "market.json", "result.json");

        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Contains(expected, answer.ErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_does_not_exist_is_named()
    {
        ProgramAnswer answer = await _program.RunAsync("verify", "none.json", "result.json");

        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Contains("none.json", answer.ErrorLine, StringComparison.Ordinal);
    }

    private void WriteMarketAndResult(double profit)
    {
        string market = _program.Write("market.json", FairMarket);
        var result = new MarketResult
        {
            Market = "fair",
            MarketHash = MarketHash.Of(File.ReadAllBytes(market)),
            Solver = "by hand",
            Status = ResultStatus.NoArbitrage,
            Profit = profit,
            UpperBound = 0,
            Gap = 0,
            Prices = [1, 2],
            NetFlow = [0, 0],
            Trades = [],
            Iterations = 0,
        };
        File.WriteAllBytes(Path.Combine(_program.Folder, "result.json"), ResultFile.Write(result));
    }
}
