using QTrade.Solana.Tests.Accounts;

namespace QTrade.Solana.Tests;

/// <summary>A pool for trading needs both mints: what decimals, fees and extensions a token has is told by nothing else, but for programs that take SPL Token alone.</summary>
public sealed class AbsentMintSpecs
{
    [Theory]
    [InlineData(Venue.RaydiumCpmm)]
    [InlineData(Venue.TokenSwap)]
    [InlineData(Venue.MeteoraDlmm)]
    [InlineData(Venue.MeteoraDammV2)]
    public void A_pool_whose_mint_is_not_there_is_refused_for_trading_and_quoted_from_a_dump(Venue venue)
    {
        var whole = PoolOf(venue);
        Assert.True(whole.Assemble(out _).IsNone);
        foreach (var mint in new[] { OwnPools.Mint0, OwnPools.Mint1 })
        {
            var pool = new OwnPool(whole.Accounts.RemoveAll(account => account.Address == mint));
            var fault = pool.Assemble(out var assembled);
            Assert.Equal((PoolRefusal.MissingAccount, mint), (fault.Refusal, fault.About));
            Assert.Null(assembled);

            var dump = pool.Dump();
            dump.TryGet(pool.Address, out var own);
            Assert.True(SolanaPools.Assemble(own, dump, OwnPool.Clock, out _, mintsMayBeUnknown: true).IsNone);
        }
    }

    [Fact]
    public void A_pool_that_is_of_plain_tokens_always_needs_no_mint_and_tells_the_decimals()
    {
        var pool = OwnPools.AmmV4(1_000_000, 2_000_000);
        Assert.True(new OwnPool(pool.Accounts[..3]).Assemble(out var assembled).IsNone);
        Assert.Equal((9, 6), (assembled!.Decimals0, assembled.Decimals1));
    }

    private static OwnPool PoolOf(Venue venue) => venue switch
    {
        Venue.RaydiumCpmm => OwnPools.Cpmm(1_000_000, 2_000_000, [0, 0, 0, 0, 0, 0]),
        Venue.TokenSwap => OwnPools.TokenSwap(1_000_000, 2_000_000, [25, 10_000, 5, 10_000]),
        Venue.MeteoraDlmm => OwnPools.Dlmm(0, 25, 10_000, 0, [(0, 1_000_000, 1_000_000)]),
        _ => OwnPools.DammV2(UInt128.One << 64, UInt128.One << 63, UInt128.One << 65, UInt128.One << 120, 1_000),
    };
}
