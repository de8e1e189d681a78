using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using QTrade.Markets;
using QTrade.Messages.Routing;
using QTrade.Trading.Routing;

namespace QTrade.Trading.Tests.Routing;

public sealed class CutSpecs
{
    private static readonly SolveOptions Options = new RouterOptions().Solve;

    /// <summary>Pools a to h, each absent (0) or at a sequence number.</summary>
    private static readonly Gen<int[]> Histories = Gen.Choose(0, 2).ArrayOf(8);

    [Fact]
    public void A_cut_told_as_a_difference_is_the_same_cut() => Prop.ForAll(Histories.ListOf().ToArbitrary(), histories =>
    {
        HandedOutCut? told = null;
        var number = 0;
        foreach (var history in histories)
        {
            var id = new SnapshotId(1, ++number);
            var (pools, tokens) = (PoolsOf(history), TokensOf(history));
            told = Cuts.Resolve(told, Event(id, Cuts.Tell(told, id, pools, tokens)))!;
            if (!told.Pools.SequenceEqual(pools) || !told.Tokens.SequenceEqual(tokens))
                return false;
        }

        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Only_what_changed_is_told()
    {
        var earlier = new HandedOutCut(new SnapshotId(1, 1), PoolsOf([1, 1, 1]), TokensOf([1, 1, 1]), Sample.Noon);

        var cut = Cuts.Tell(earlier, new SnapshotId(1, 2), PoolsOf([1, 2, 0]), TokensOf([1, 1, 1]));

        Assert.Equal(earlier.SnapshotId, cut.Base);
        Assert.Equal([new PoolCut(new PoolId("b"), 2, 1)], cut.Pools.ToArray());
        Assert.Equal([new PoolId("c")], cut.RemovedPools.ToArray());
        Assert.Empty(cut.Tokens);
        Assert.Empty(cut.RemovedTokens);
    }

    [Fact]
    public void A_cut_is_told_whole_at_an_epoch_s_beginning_and_every_so_often()
    {
        var whole = PoolsOf([1, 1]);
        var earlier = new HandedOutCut(new SnapshotId(1, 64), whole, [], Sample.Noon);

        Assert.NotNull(Cuts.Tell(earlier with { SnapshotId = new SnapshotId(1, 63) }, new SnapshotId(1, 64), whole, []).Base);
        Assert.Null(Cuts.Tell(earlier, new SnapshotId(1, 65), whole, []).Base);
        Assert.Null(Cuts.Tell(earlier, new SnapshotId(2, 7), whole, []).Base);
        Assert.Null(Cuts.Tell(null, new SnapshotId(1, 7), whole, []).Base);
    }

    [Fact]
    public void A_difference_to_another_snapshot_than_the_last_makes_no_cut()
    {
        var earlier = new HandedOutCut(new SnapshotId(1, 5), [], [], Sample.Noon);
        var cut = new SnapshotCut(new SnapshotId(1, 4), [], [], [], []);

        Assert.Null(Cuts.Resolve(earlier, Event(new SnapshotId(1, 6), cut)));
    }

    [Fact]
    public void The_hash_names_the_cut()
    {
        var hash = Cuts.Hash(PoolsOf([1, 2]), TokensOf([1]));

        Assert.Equal(hash, Cuts.Hash(PoolsOf([1, 2]), TokensOf([1])));
        Assert.NotEqual(hash, Cuts.Hash(PoolsOf([1, 1]), TokensOf([1])));
        Assert.NotEqual(hash, Cuts.Hash(PoolsOf([1, 2]), TokensOf([2])));
        Assert.Equal(64, hash.Length);
    }

    private static ImmutableArray<PoolCut> PoolsOf(int[] history) =>
        [.. history.Select((sequence, i) => new PoolCut(new PoolId(Name(i)), sequence, 1)).Where(cut => cut.Sequence > 0)];

    private static ImmutableArray<TokenCut> TokensOf(int[] history) =>
        [.. history.Select((sequence, i) => new TokenCut(new TokenId(Name(i)), sequence)).Where(cut => cut.Sequence > 0)];

    private static string Name(int i) => ((char)('a' + i)).ToString();

    private static SnapshotHandedOut Event(SnapshotId id, SnapshotCut cut) => new(id, 1, cut, "", null, Options, 0, Sample.Noon);
}
