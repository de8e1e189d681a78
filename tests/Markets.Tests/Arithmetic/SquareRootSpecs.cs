using QTrade.Markets.Arithmetic;

namespace QTrade.Markets.Tests.Arithmetic;

public sealed class SquareRootSpecs
{
    private const int Seed = 11;

    [Fact]
    public void The_root_of_a_price_is_its_floor()
    {
        foreach (var price in Prices())
        {
            var shifted = HighPrecision.From(price) >> (HighPrecision.Bits - 2 * SquareRoot.FractionBits);
            Assert.Equal(HighPrecision.IntegerSqrt(shifted), SquareRoot.OfDown(price).ToBigInteger());
        }
    }

    [Fact]
    public void A_price_comes_back_from_its_root_between_its_neighbours()
    {
        foreach (var price in Prices())
        {
            var root = SquareRoot.OfDown(price);
            var down = SquareRoot.ToPrice(root, up: false);
            var up = SquareRoot.ToPrice(root + UInt256.One, up: true);
            Assert.InRange(down, Math.BitDecrement(price), price);
            Assert.InRange(up, price, Math.BitIncrement(price));
        }
    }

    [Theory]
    [InlineData(1e-40)]
    [InlineData(1e40)]
    [InlineData(5e-324)]
    public void A_price_out_of_range_is_refused(double price) => Assert.Throws<OverflowException>(() => SquareRoot.OfDown(price));

    private static List<double> Prices()
    {
        List<double> prices = [1, 2, 4, 0.25, 5.421214631071436e-20, 1.8446050711007586e+19, 1e-36, 1e36, Math.BitDecrement(1), Math.BitIncrement(1)];
        Random random = new(Seed);
        for (var i = 0; i < 2_000; i++)
            prices.Add((1 + random.NextDouble()) * Math.ScaleB(1, random.Next(-118, 118)));
        return prices;
    }
}
