using System.Numerics;
using QTrade.Markets.Arithmetic;
using QTrade.Markets.Quotes;
using QTrade.Markets.Tests.Arithmetic;

namespace QTrade.Markets.Tests.Quotes;

public sealed class AmountGridSpecs
{
    private const int Seed = 17;

    [Theory]
    [InlineData(0, 1.5, 1, 2)]
    [InlineData(0, 7, 7, 7)]
    [InlineData(6, 0.1234567, 0.123456, 0.123457)]
    [InlineData(9, 0.1, 0.1, 0.1)]
    [InlineData(9, 1e-12, 0, 1e-9)]
    [InlineData(2, 1e20, 1e20, 1e20)]
    public void Amounts_go_to_the_steps_beside_them(int decimals, double amount, double down, double up)
    {
        var grid = AmountGrid.OfDecimals(decimals);
        Assert.Equal((down, up), (grid.Down(amount), grid.Up(amount)));
    }

    [Fact]
    public void An_amount_of_the_grid_stays_and_no_step_lies_between()
    {
        Random random = new(Seed);
        for (var i = 0; i < 20_000; i++)
        {
            var decimals = random.Next(0, 19);
            var grid = AmountGrid.OfDecimals(decimals);
            var amount = RandomPools.LogUniform(random, 1e-12, 1e12);
            var (down, up) = (grid.Down(amount), grid.Up(amount));
            Assert.True(down <= amount && amount <= up, $"seed {Seed}, case {i}");
            Assert.Equal((down, down, up, up), (grid.Down(down), grid.Up(down), grid.Down(up), grid.Up(up)));
            var step = BigInteger.Pow(10, decimals);
            Assert.True((HighPrecision.From(up) - HighPrecision.From(down)) * step <= HighPrecision.One + Ulp(up) * step, $"seed {Seed}, case {i}");
        }
    }

    [Fact]
    public void A_token_comes_in_the_amounts_of_its_market()
    {
        Token token = new() { Id = new("A"), Value = 1, Decimals = 6 };
        Assert.Equal(AmountGrid.Integers, AmountGrid.Of(AmountUnit.Base, token));
        Assert.Equal(AmountGrid.OfDecimals(6), AmountGrid.Of(AmountUnit.Whole, token));
        Assert.Equal(AmountGrid.Doubles, AmountGrid.Of(AmountUnit.Whole, token with { Decimals = null }));
    }

    [Fact]
    public void A_fee_is_never_taken_for_less_than_it_is()
    {
        Random random = new(Seed);
        for (var i = 0; i < 5_000; i++)
        {
            var fee = i % 50 == 0 ? 1e-300 : random.NextDouble() * Math.ScaleB(1, -random.Next(0, 60));
            var amount = FixedAmount.From(RandomPools.LogUniform(random, 1e-6, 1e20));
            var kept = new FeeFactor(fee).KeepDown(amount);
            var exact = HighPrecision.Times(amount.ToBigInteger() << (HighPrecision.Bits - FixedAmount.FractionBits), HighPrecision.One - HighPrecision.From(fee));
            Assert.True(kept.ToBigInteger() << (HighPrecision.Bits - FixedAmount.FractionBits) <= exact, $"seed {Seed}, case {i}");
            Assert.True(new FeeFactor(fee).GrossUp(kept) <= amount, $"seed {Seed}, case {i}");
            Assert.True(new FeeFactor(fee).KeepDown(new FeeFactor(fee).GrossUp(amount)) >= amount, $"seed {Seed}, case {i}");
        }
    }

    private static BigInteger Ulp(double value) => HighPrecision.From(Math.BitIncrement(value) - value) * 2;
}
