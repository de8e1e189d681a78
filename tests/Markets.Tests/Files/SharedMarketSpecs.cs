using QTrade.Markets.Files;
using QTrade.Shared;

namespace QTrade.Markets.Tests.Files;

/// <summary>The market files that others made are read whole and written back to the same market.</summary>
public sealed class SharedMarketSpecs
{
    [SharedFact]
    public void Every_shared_market_is_read_and_comes_back_the_same()
    {
        var paths = SharedFiles.Markets();
        Assert.NotEmpty(paths);
        foreach (var path in paths)
        {
            Assert.True(MarketFile.TryReadFile(path, out var market, out var hash, out var error), error?.ToString());
            Assert.Equal(MarketHash.Of(File.ReadAllBytes(path)), hash);
            Assert.True(MarketFile.TryRead(MarketFile.Write(market), "again.json", out var again, out error), error?.ToString());
            Assert.Equal(market, again);
        }
    }
}
