using FsCheck;
using FsCheck.Fluent;

namespace QTrade.Messages.Tests;

public sealed class PositionVectorSpecs
{
    private static readonly Gen<ChainPosition> Positions =
        Gen.Choose(0, 3).SelectMany(_ => Gen.Choose(0, 2), (slot, version) => new ChainPosition((ulong)slot, (ulong)version));

    private static readonly Arbitrary<(PositionVector A, PositionVector B, PositionVector C)> Triples = Gen.Choose(1, 3)
        .SelectMany(accounts => Gen.Three(Positions.ArrayOf(accounts)))
        .Select(three => (new PositionVector(three.Item1), new PositionVector(three.Item2), new PositionVector(three.Item3)))
        .ToArbitrary();

    [Fact]
    public void Slots_order_positions_before_write_versions()
    {
        Assert.True(new ChainPosition(2, 0) > new ChainPosition(1, 9));
        Assert.True(new ChainPosition(2, 1) > new ChainPosition(2, 0));
        Assert.True(new ChainPosition(2, 1) >= new ChainPosition(2, 1));
    }

    [Theory]
    [InlineData(1, 1, 1, 1, PositionOrder.Same)]
    [InlineData(2, 1, 1, 1, PositionOrder.Newer)]
    [InlineData(2, 2, 1, 1, PositionOrder.Newer)]
    [InlineData(1, 1, 1, 2, PositionOrder.Older)]
    [InlineData(2, 1, 1, 2, PositionOrder.Concurrent)]
    public void A_pool_of_two_accounts_is_newer_only_where_no_account_is_older(
        ulong first, ulong second, ulong otherFirst, ulong otherSecond, PositionOrder expected)
    {
        PositionVector one = new([new(first, 0), new(second, 0)]), other = new([new(otherFirst, 0), new(otherSecond, 0)]);

        Assert.Equal(expected, one.CompareTo(other));
    }

    [Fact]
    public void Positions_of_different_numbers_of_accounts_do_not_compare() =>
        Assert.Equal(PositionOrder.Incomparable, new PositionVector(new ChainPosition(1, 1)).CompareTo(new([new(1, 1), new(1, 1)])));

    [Fact]
    public void The_default_vector_is_no_position()
    {
        Assert.Equal(0, default(PositionVector).Count);
        Assert.Equal(0UL, default(PositionVector).NewestSlot);
        Assert.NotEqual(default, new PositionVector(default(ChainPosition)));
    }

    [Fact]
    public void Newest_slot_is_the_newest_of_any_account() =>
        Assert.Equal(9UL, new PositionVector([new(3, 0), new(9, 0), new(4, 0)]).NewestSlot);

    [Fact]
    public void The_order_is_partial() => Prop.ForAll(Triples, sample =>
    {
        var (a, b, c) = sample;
        var opposite = a.CompareTo(b) switch
        {
            PositionOrder.Newer => PositionOrder.Older,
            PositionOrder.Older => PositionOrder.Newer,
            var same => same,
        };
        var transitive = !(AtLeast(a, b) && AtLeast(b, c)) || AtLeast(a, c);
        return b.CompareTo(a) == opposite && transitive && (a == b) == (a.CompareTo(b) == PositionOrder.Same);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    private static bool AtLeast(PositionVector one, PositionVector other) =>
        one.CompareTo(other) is PositionOrder.Newer or PositionOrder.Same;
}
