using QTrade.Markets.Venues;

namespace QTrade.Solana.Tests;

/// <summary>Addresses, derived addresses and the two tick tables.</summary>
public sealed class AddressSpecs
{
    [Theory]
    [InlineData("11111111111111111111111111111111")]
    [InlineData("So11111111111111111111111111111111111111112")]
    [InlineData("whirLbMiicVdio4qvUfM5KAg6Ct8VwpYzGff3uctyCc")]
    public void Base58_reads_back(string text) => Assert.Equal(text, Address.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("So1111111111111111111111111111111111111111l")]
    [InlineData("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    public void What_is_no_address_is_refused(string text) => Assert.False(Address.TryParse(text, out _));

    [Fact]
    public void The_authority_of_amm_v4_is_derived_from_its_seed() =>
        Assert.Equal("5Q544fKrFoe6tsEbD7S8EmxGTJYAKtTVhAW5Q5pge4j1", ProgramAddresses.Find("amm authority"u8, ProgramIds.RaydiumAmmV4).ToString());

    [Fact]
    public void The_two_tick_tables_end_where_their_programs_do_and_differ_between()
    {
        Assert.Equal(OrcaTicks.SqrtPriceMin, OrcaTicks.SqrtPriceAt(-OrcaTicks.TickMax));
        Assert.Equal(OrcaTicks.SqrtPriceMax, OrcaTicks.SqrtPriceAt(OrcaTicks.TickMax));
        Assert.Equal(RaydiumTicks.SqrtPriceMin, RaydiumTicks.SqrtPriceAt(-RaydiumTicks.TickMax));
        Assert.Equal(RaydiumTicks.SqrtPriceMax, RaydiumTicks.SqrtPriceAt(RaydiumTicks.TickMax));
        Assert.NotEqual(OrcaTicks.SqrtPriceAt(12_345), RaydiumTicks.SqrtPriceAt(12_345));
    }

    [Fact]
    public void A_root_leads_back_to_its_tick()
    {
        for (var tick = -OrcaTicks.TickMax; tick < OrcaTicks.TickMax; tick += 997)
        {
            Assert.Equal(tick, OrcaTicks.TickAt(OrcaTicks.SqrtPriceAt(tick)));
            Assert.Equal(tick, RaydiumTicks.TickAt(RaydiumTicks.SqrtPriceAt(tick)));
            Assert.Equal(tick, OrcaTicks.TickAt(OrcaTicks.SqrtPriceAt(tick + 1) - 1));
        }
    }
}
