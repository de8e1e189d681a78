using QTrade.Solver.Warm;

namespace QTrade.Solver.Tests.Warm;

/// <summary>Rounds look closer and closer: by few tokens where little is missing, by all that have an eighth of the energy else, and not for ever.</summary>
public sealed class SessionRoundsSpecs
{
    private const double Accepted = 9e-8, Target = 1e-8;

    [Fact]
    public void The_first_round_takes_the_tokens_that_could_take_the_target_off()
    {
        var rounds = new SessionRounds();
        Assert.True(rounds.TryNext(50 * Accepted, Accepted, Target, [5 * Target, 0], isAnyCut: false));
        Assert.Equal(1, rounds.Energy);
    }

    [Fact]
    public void Where_much_is_missing_the_next_one_takes_an_eighth_of_it()
    {
        SessionRounds rounds = AfterTheFirst();
        Assert.True(rounds.TryNext(2.1 * Accepted, Accepted, Target, [0.5 * Target, 0.1 * Target], isAnyCut: false));
        Assert.Equal(1.0 / 8, rounds.Energy);
    }

    /// <summary>The more is missing the more of them.</summary>
    [Theory]
    [InlineData(0.5, 0.95)]
    [InlineData(1, 0.95)]
    [InlineData(1.1, 0.95)]
    [InlineData(1.225, 0.475)]
    [InlineData(1.475, 0.2375)]
    public void Where_little_is_missing_it_takes_those_with_the_most(double left, double part)
    {
        SessionRounds rounds = AfterTheFirst();
        Assert.True(rounds.TryNext(left * Accepted, Accepted, Target, [0.02 * Target, 0.05 * Target, 0.04 * Target], isAnyCut: false));
        Assert.Equal(part * 0.05, rounds.Energy, 12);
    }

    [Fact]
    public void Tokens_that_keep_more_than_a_round_was_to_leave_do_not_hold_the_next_one_up()
    {
        SessionRounds rounds = AfterTheFirst();
        Assert.True(rounds.TryNext(Accepted, Accepted, Target, [7 * Target], isAnyCut: false));
        Assert.Equal(0.95, rounds.Energy, 12);
    }

    [Fact]
    public void Where_no_token_has_any_the_pools_are_looked_at_closer()
    {
        SessionRounds rounds = AfterTheFirst();
        Assert.True(rounds.TryNext(1.1 * Accepted, Accepted, Target, [0, 0], isAnyCut: false));
        Assert.Equal(1.0 / 8, rounds.Energy);
    }

    /// <summary>Rounds of few tokens, then those of all: twelve and five after the first.</summary>
    [Theory]
    [InlineData(1.01, 18)]
    [InlineData(3, 6)]
    public void So_many_rounds_are_made_and_no_more(double left, int expected)
    {
        var rounds = new SessionRounds();
        var energies = new List<double>();
        while (rounds.TryNext(left * Accepted, Accepted, Target, [1000 * Target], isAnyCut: true))
            energies.Add(rounds.Energy);
        Assert.Equal(expected, energies.Count);
        for (int i = 1; i < energies.Count; i++)
            Assert.Equal(i < expected - 5 ? 0.95 : 1.0 / 8, energies[i] / energies[i - 1], 12);
    }

    /// <summary>What is missing lies with the pools then, not with tokens.</summary>
    [Fact]
    public void Energies_that_are_rounding_are_not_settled_one_by_one()
    {
        SessionRounds rounds = AfterTheFirst();
        Assert.True(rounds.TryNext(1.1 * Accepted, Accepted, Target, [1e-8 * Target, 1e-9 * Target], isAnyCut: false));
        Assert.Equal(1.0 / 8, rounds.Energy);
    }

    /// <summary>Tolerances of none at all, and energies that are no numbers, end as well.</summary>
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, double.PositiveInfinity)]
    [InlineData(1, 1, double.NaN)]
    public void Whatever_is_told_rounds_end(double left, double accepted, double energy)
    {
        var rounds = new SessionRounds();
        int made = 0;
        while (rounds.TryNext(left, accepted, accepted, [energy], isAnyCut: true))
            made++;
        Assert.InRange(made, 1, 18);
    }

    [Theory]
    [InlineData(3000, 2000, false, false)]
    [InlineData(3000, 2000, true, true)]
    [InlineData(5000, 2000, false, true)]
    [InlineData(-1e6, 2000, false, true)]
    [InlineData(1000, 900, false, true)]
    public void None_is_worth_it_where_much_is_left_and_the_last_did_not_halve_it(double before, double left, bool isAnyCut, bool another)
    {
        var rounds = new SessionRounds();
        Assert.True(rounds.TryNext(before * Target, Accepted, Target, [], isAnyCut: false));
        Assert.Equal(another, rounds.TryNext(left * Target, Accepted, Target, [], isAnyCut));
    }

    private static SessionRounds AfterTheFirst()
    {
        var rounds = new SessionRounds();
        Assert.True(rounds.TryNext(50 * Accepted, Accepted, Target, [], isAnyCut: false));
        return rounds;
    }
}
