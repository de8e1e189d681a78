using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Shared.MarketFamilies;
using QTrade.Verification.Arithmetic;
using QTrade.Verification.Checks;

namespace QTrade.Verification.Tests.MarketFamilies;

public sealed class MarketFamilySpecs
{
    public static TheoryData<string> Families => new(MarketFamily.Names.ToArray());

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_market_of_a_family_is_legal_and_reads_back_to_itself(string family)
    {
        for (int seed = 1; seed <= 5; seed++)
        {
            Market market = MarketFamily.Make(family, 10 + 11 * seed, seed);
            byte[] bytes = MarketFile.Write(market);
            bool read = MarketFile.TryRead(bytes, market.Name, out Market? back, out MarketFileError? error);
            Assert.True(read, $"{market.Name}: {error}");
            Assert.Equal(market, back);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_seed_makes_the_same_market_again_and_another_seed_another(string family)
    {
        byte[] first = MarketFile.Write(MarketFamily.Make(family, 30, 5));
        Assert.Equal(first, MarketFile.Write(MarketFamily.Make(family, 30, 5)));
        Assert.NotEqual(MarketFamily.Make(family, 30, 5).Pools, MarketFamily.Make(family, 30, 6).Pools);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_dual_is_convex_and_homogeneous_in_the_prices(string family)
    {
        for (int seed = 1; seed <= 1; seed++)
        {
            Market market = MarketFamily.Make(family, 30, seed);
            var pools = new CheckedMarket(market);
            Random random = Seeded.Random(seed);
            Real[] a = Prices(market, random), b = Prices(market, random);
            Real[] middle = [.. a.Zip(b, (x, y) => (x + y) / 2)], doubled = [.. a.Select(x => x * 2)];
            for (int i = 0; i < market.Pools.Length; i++)
            {
                string at = $"{market.Name}, {market.Pools[i].Id} ({market.Pools[i].Curve.Kind})";
                Real At(Real[] prices) => pools.SetOf(i)!.Arbitrage(pools.Local(i, prices));
                Real atA = At(a), chord = (atA + At(b)) / 2, twice = At(doubled);
                Assert.True(atA.Sign >= 0, at);
                Assert.True(At(middle) <= chord + chord * 1e-40, at);
                Assert.True(Real.Abs(twice - atA * 2) <= twice * 1e-40, at);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Doing_nothing_is_verified_as_the_inaccurate_answer_that_it_is(string family)
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            Market market = MarketFamily.Make(family, 40, seed);
            VerificationReport report = ResultVerifier.Verify(market, HandMade.Result(market, [.. market.Tokens.Select(token => token.Value)]));
            Assert.True(report.Verified, $"{market.Name}: {report.Summary}");
        }
    }

    private static Real[] Prices(Market market, Random random) =>
        [.. market.Tokens.Select(token => Real.From((token.Value > 0 ? token.Value : random.NextDouble()) * (1 + 0.2 * random.NextDouble())))];
}
