using QTrade.Messages.Routing;
using QTrade.Trading.Cluster;
using static QTrade.Trading.Tests.Cluster.ClusterSample;

namespace QTrade.Trading.Tests.Cluster;

public sealed class SnapshotLeasesSpecs
{
    private static readonly TimeSpan Term = TimeSpan.FromSeconds(2);
    private static readonly SnapshotId First = new(1, 1);
    private static readonly SnapshotId Second = new(1, 2);

    [Fact]
    public void The_first_result_of_a_snapshot_counts_and_later_ones_do_not()
    {
        var leases = new SnapshotLeases(Term);
        leases.Grant(First, "one", Start);

        Assert.True(leases.Take(First));
        Assert.False(leases.Take(First));
        Assert.Equal(1, leases.Late);
        Assert.Equal(0, leases.Open);
    }

    [Fact]
    public void A_snapshot_is_one_optimizers_until_the_lease_lapses_and_then_anybodys()
    {
        var leases = new SnapshotLeases(Term);
        leases.Grant(First, "one", Start);

        Assert.Null(leases.Grant(First, "two", After(1999)));
        Assert.Empty(leases.Look(After(1999)));
        Assert.Null(leases.ToOfferAgain);

        Assert.Equal("one", Assert.Single(leases.Look(After(2000))).Optimizer);
        Assert.Equal(First, leases.ToOfferAgain);
        Assert.Equal(2, leases.Grant(First, "two", After(2001))!.Attempt);
        Assert.Equal(1, leases.Lapsed);
        Assert.Null(leases.ToOfferAgain);
    }

    [Fact]
    public void A_result_that_comes_after_its_lease_lapsed_still_counts_if_it_is_the_first()
    {
        var leases = new SnapshotLeases(Term);
        leases.Grant(First, "one", Start);
        leases.Look(After(2000));
        leases.Grant(First, "two", After(2001));

        Assert.True(leases.Take(First));
        Assert.False(leases.Take(First));
    }

    [Fact]
    public void Only_the_newest_snapshot_is_offered_again()
    {
        var leases = new SnapshotLeases(Term);
        leases.Grant(First, "one", Start);
        leases.Grant(Second, "two", After(1));
        leases.Look(After(2000));

        Assert.Null(leases.ToOfferAgain);
        leases.Look(After(2001));
        Assert.Equal(Second, leases.ToOfferAgain);
    }

    [Fact]
    public void A_decision_answers_for_the_snapshots_before_it()
    {
        var leases = new SnapshotLeases(Term);
        leases.Grant(First, "one", Start);
        leases.Grant(Second, "two", Start);

        Assert.True(leases.Take(Second));
        Assert.False(leases.Take(First));
        Assert.Null(leases.NextLapse);
    }

    [Fact]
    public void A_snapshot_that_nobody_answers_fails_in_the_end()
    {
        var leases = new SnapshotLeases(Term);
        var now = Start;
        for (var attempt = 1; attempt <= SnapshotLeases.AttemptsMax; attempt++)
        {
            Assert.NotNull(leases.Grant(First, "one", now));
            Assert.Equal(now + Term, leases.NextLapse);
            now += Term;
            Assert.Equal(attempt == SnapshotLeases.AttemptsMax, Assert.Single(leases.Look(now)).IsLast);
        }

        Assert.Equal(0, leases.Open);
        Assert.False(leases.Take(First));
    }

    [Fact]
    public void Leases_of_an_optimizer_that_is_gone_lapse_at_once()
    {
        var leases = new SnapshotLeases(Term);
        leases.Grant(First, "one", Start);
        leases.Gone("two");
        Assert.Empty(leases.Look(After(1)));

        leases.Gone("one");
        Assert.Single(leases.Look(After(1)));
    }

    [Fact]
    public void Snapshots_without_result_are_bounded()
    {
        var leases = new SnapshotLeases(Term);
        for (var number = 1; number <= SnapshotLeases.OpenMax; number++)
            Assert.NotNull(leases.Grant(new SnapshotId(1, number), "one", Start));

        Assert.Null(leases.Grant(new SnapshotId(1, SnapshotLeases.OpenMax + 1), "one", Start));
        Assert.Equal(1, leases.Refused);
        leases.End(First);
        Assert.NotNull(leases.Grant(new SnapshotId(1, SnapshotLeases.OpenMax + 1), "one", Start));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_happens_a_snapshot_has_at_most_one_result_and_no_lease_is_lost(int seed)
    {
        var random = new Random(seed);
        var leases = new SnapshotLeases(Term);
        var won = new HashSet<SnapshotId>();
        long failed = 0, superseded = 0, ended = 0, distinct = 0;
        var given = new HashSet<SnapshotId>();
        var now = Start;
        for (var step = 0; step < 5000; step++)
        {
            now += TimeSpan.FromMilliseconds(random.Next(200));
            var id = new SnapshotId(1, (step / 20) + 1 - random.Next(3));
            switch (random.Next(4))
            {
                case 0 or 1:
                    if (!won.Contains(id) && id.Number > 0 && leases.Grant(id, $"optimizer-{random.Next(4)}", now) is not null && given.Add(id))
                        distinct++;
                    break;
                case 2:
                    var before = leases.Open;
                    if (leases.Take(id))
                    {
                        Assert.True(won.Add(id));
                        superseded += before - leases.Open - 1;
                    }

                    break;
                default:
                    failed += leases.Look(now).Count(lease => lease.IsLast);
                    break;
            }

            ended = won.Count + failed + superseded;
            Assert.True(leases.Open >= leases.Running);
        }

        Assert.True(leases.Granted >= distinct);
        Assert.True(ended + leases.Open >= distinct);
    }
}
