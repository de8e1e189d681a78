using QTrade.Markets;
using QTrade.Markets.Venues;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Registry;
using QTrade.Trading.Registry;

namespace QTrade.Trading.Tests.Registry;

public sealed class RegistrySpecs
{
    private static readonly Pool Pool = Sample.Product("p", "A", "B", 10, 20);
    private static readonly PoolConfigurationState Added = PoolRegistry.Apply(PoolConfigurationState.Unknown, new PoolConfigured(1, Pool));

    [Fact]
    public void What_a_person_retired_only_a_person_takes_up_again()
    {
        var by = new Operator("somebody", "127.0.0.1");
        Then.Events(PoolRegistry.Decide(Added, new RetirePool(Pool.Id) { By = by }), new PoolRetired(Pool.Id, 2) { By = by });
        var retired = PoolRegistry.Apply(Added, new PoolRetired(Pool.Id, 2) { By = by });
        Then.Rejected(PoolRegistry.Decide(retired, new ConfigurePool(Pool)), ReasonCode.RetiredPool);
        Then.Events(PoolRegistry.Decide(retired, new ConfigurePool(Pool) { By = by }), new PoolConfigured(3, Pool) { By = by });
        Assert.Equal(by, PoolRegistry.Apply(retired, new PoolConfigured(3, Pool) { By = by }).By);
    }

    [Fact]
    public void A_pool_is_added() =>
        Then.Events(PoolRegistry.Decide(PoolConfigurationState.Unknown, new ConfigurePool(Pool)), new PoolConfigured(1, Pool));

    [Fact]
    public void A_pool_is_reconfigured() =>
        Then.Events(PoolRegistry.Decide(Added, new ConfigurePool(Pool with { Fee = 0.01 })), new PoolConfigured(2, Pool with { Fee = 0.01 }));

    [Fact]
    public void The_configuration_in_force_is_no_event() => Then.Nothing(PoolRegistry.Decide(Added, new ConfigurePool(Pool with { Fee = Pool.Fee })));

    [Fact]
    public void A_configuration_keeps_no_state_of_a_venue()
    {
        var venue = new AmmV4State { Reserve0 = 10, Reserve1 = 20, FeeNumerator = 25, FeeDenominator = 10_000 };
        Then.Events(PoolRegistry.Decide(PoolConfigurationState.Unknown, new ConfigurePool(Pool with { Venue = venue })), new PoolConfigured(1, Pool));
        Then.Nothing(PoolRegistry.Decide(Added, new ConfigurePool(Pool with { Venue = venue })));
    }

    [Fact]
    public void A_pool_is_retired_once_and_taken_up_again()
    {
        Then.Events(PoolRegistry.Decide(Added, new RetirePool(Pool.Id)), new PoolRetired(Pool.Id, 2));
        var retired = PoolRegistry.Apply(Added, new PoolRetired(Pool.Id, 2));

        Then.Nothing(PoolRegistry.Decide(retired, new RetirePool(Pool.Id)));
        Then.Events(PoolRegistry.Decide(retired, new ConfigurePool(Pool)), new PoolConfigured(3, Pool));
        Assert.False(PoolRegistry.Apply(retired, new PoolConfigured(3, Pool)).Retired);
    }

    [Fact]
    public void What_was_never_added_cannot_be_retired() =>
        Then.Rejected(PoolRegistry.Decide(PoolConfigurationState.Unknown, new RetirePool(Pool.Id)), ReasonCode.UnknownPool);

    [Fact]
    public void An_invalid_pool_is_refused_with_its_field()
    {
        var decision = PoolRegistry.Decide(PoolConfigurationState.Unknown, new ConfigurePool(Pool with { Fee = 1 }));

        Then.Rejected(decision, ReasonCode.InvalidPool);
        Assert.Contains("pool 'p': fee", decision.Rejection!.Value.Detail);
    }

    [Fact]
    public void A_token_is_registered_and_changed()
    {
        var token = Sample.Token("SOL", 150) with { Mint = "So1", Symbol = "SOL", Decimals = 9 };
        Then.Events(TokenRegistry.Decide(TokenState.Unknown, new RegisterToken(token)), new TokenRegistered(1, token));
        var known = TokenRegistry.Apply(TokenState.Unknown, new TokenRegistered(1, token));

        Then.Nothing(TokenRegistry.Decide(known, new RegisterToken(token with { })));
        Then.Events(TokenRegistry.Decide(known, new RegisterToken(token with { Value = 151 })), new TokenRegistered(2, token with { Value = 151 }));
    }

    [Theory]
    [InlineData("", 1, 0, 9)]
    [InlineData("T", double.NaN, 0, 9)]
    [InlineData("T", -1, 0, 9)]
    [InlineData("T", 1, double.PositiveInfinity, 9)]
    [InlineData("T", 1, 0, -1)]
    [InlineData("T", 1, 0, 31)]
    public void An_invalid_token_is_refused(string id, double value, double holding, int decimals) => Then.Rejected(
        TokenRegistry.Decide(TokenState.Unknown, new RegisterToken(Sample.Token(id, value, holding) with { Decimals = decimals })),
        ReasonCode.InvalidToken);
}
