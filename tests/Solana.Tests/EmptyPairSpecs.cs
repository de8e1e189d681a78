using QTrade.Solana.Tests.Accounts;

namespace QTrade.Solana.Tests;

/// <summary>DLMM pairs with nothing in them: their price is that of the active bin, where it has one.</summary>
public sealed class EmptyPairSpecs
{
    [Theory]
    [InlineData(443_636, 10_000)]
    [InlineData(-443_636, 10_000)]
    [InlineData(443_636, 2)]
    [InlineData(5_000, 400)]
    [InlineData(-5_000, 400)]
    public void An_active_bin_whose_price_no_number_holds_is_malformed(int active, ushort step)
    {
        var pool = OwnPools.Dlmm(active, step, 10_000, 0, []);
        var fault = pool.Assemble(out var assembled);
        Assert.Equal((PoolRefusal.Malformed, pool.Address, "the active bin has no price"), (fault.Refusal, fault.About, fault.Detail));
        Assert.Null(assembled);
        var dump = pool.Dump();
        dump.TryGet(pool.Address, out var own);
        Assert.Equal(fault, SolanaPools.Plan(own, dump, out _));
    }

    /// <summary>Every pair that is not refused has a curve.</summary>
    [Fact]
    public void An_empty_pair_is_refused_or_has_a_curve_wherever_its_active_bin_is()
    {
        foreach (var step in new ushort[] { 1, 25, 400, 10_000 })
        {
            for (var active = -443_636; active <= 443_636; active += 11_171)
            {
                if (OwnPools.Dlmm(active, step, 10_000, 0, []).Assemble(out var pool).IsNone)
                    Assert.InRange(Assert.Single(Assert.IsType<Markets.BinsCurve>(pool!.State.ToCurve()).Bins).Price, double.Epsilon, double.MaxValue);
            }
        }
    }
}
