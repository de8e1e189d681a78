using QTrade.Markets.Arithmetic;

namespace QTrade.Markets.Tests.Arithmetic;

public sealed class WideSpecs
{
    private const ulong Highest = 1UL << 63;

    [Fact]
    public void The_reciprocal_of_a_normalised_limb_is_the_quotient_rounded_down()
    {
        Random random = new(20261128);
        for (var i = 0; i < 200_000; i++)
        {
            var near = (ulong)random.Next(1, 1_000);
            foreach (var d in (ReadOnlySpan<ulong>)[(ulong)random.NextInt64() | Highest, Highest + near, ulong.MaxValue - near, (Highest >> random.Next(64)) | Highest])
                Assert.Equal((ulong)(new UInt128(~d, ulong.MaxValue) / d), Wide.Reciprocal(d));
        }
    }
}
