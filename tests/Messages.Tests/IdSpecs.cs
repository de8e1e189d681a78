using QTrade.Markets;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;

namespace QTrade.Messages.Tests;

public sealed class IdSpecs
{
    [Fact]
    public void A_trade_s_id_is_the_digest_of_snapshot_and_route()
    {
        // printf '3-4711/1' | sha256sum
        Assert.Equal("b10f6b8e6ada3017605de23685e8d309", TradeId.Of(new SnapshotId(3, 4711), 1).Value);
        Assert.NotEqual(TradeId.Of(new SnapshotId(3, 4711), 1), TradeId.Of(new SnapshotId(3, 4711), 2));
        Assert.NotEqual(TradeId.Of(new SnapshotId(34, 711), 1), TradeId.Of(new SnapshotId(3, 4711), 1));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(long.MaxValue, 0)]
    public void A_snapshot_s_id_reads_back(long epoch, long number)
    {
        Assert.True(SnapshotId.TryParse($"{epoch}-{number}", out var id));
        Assert.Equal(new SnapshotId(epoch, number), id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1-")]
    [InlineData("-1-2")]
    [InlineData("1--2")]
    [InlineData("1-2-3")]
    [InlineData("1-2 ")]
    [InlineData("1-99999999999999999999")]
    public void Other_text_is_no_snapshot_s_id(string text) => Assert.False(SnapshotId.TryParse(text, out _));

    [Fact]
    public void Snapshots_order_by_epoch_and_number() => Assert.True(new SnapshotId(2, 1) > new SnapshotId(1, 9));

    [Fact]
    public void Persistence_ids_read_back()
    {
        Assert.True(PersistenceIds.TryPool(PersistenceIds.Pool(new PoolId("a/b")), out var pool));
        Assert.Equal(new PoolId("a/b"), pool);
        Assert.True(PersistenceIds.TryConfiguration("config/x", out var configured));
        Assert.Equal(new PoolId("x"), configured);
        Assert.True(PersistenceIds.TryToken("token/x", out var token));
        Assert.Equal(new TokenId("x"), token);
        Assert.True(PersistenceIds.TryTrade("trade/x", out var trade));
        Assert.Equal(new TradeId("x"), trade);
        Assert.False(PersistenceIds.TryPool("pool/", out _));
        Assert.False(PersistenceIds.TryPool("router", out _));
    }
}
