using QTrade.Node.Actors;
using QTrade.Trading.Routing;

namespace QTrade.Node.Tests.Actors;

/// <summary>What of the market's moves counts in when the next hand-out is due.</summary>
public sealed class HandOutMovesSpecs
{
    private static readonly RouterOptions Options = new() { VarianceCuts = 2, MoveTarget = 0.001 };
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly HandOutMoves _moves = new(Options);

    [Fact]
    public void What_had_moved_at_hand_outs_that_were_refused_counts_with_the_one_that_is_written()
    {
        _moves.Write(1e-8, Second);
        _moves.Refuse();
        _moves.Write(2e-8, Second);
        _moves.Refuse();
        Assert.True(_moves.IsOwed);

        Hand(5e-8, 2 * Second);
        Assert.False(_moves.IsOwed);
        Assert.Equal(After(8e-8, 2), _moves.Interval);
    }

    [Fact]
    public void Before_it_is_written_nothing_of_it_counts()
    {
        _moves.Write(1e-6, Second);
        Assert.Equal(Options.MinInterval, _moves.Interval);
        _moves.Refuse();
        Assert.Equal(Options.MinInterval, _moves.Interval);
    }

    [Fact]
    public void Where_no_hand_out_was_being_written_nothing_is_owed_and_nothing_counts()
    {
        _moves.Refuse();
        _moves.Commit();
        Assert.False(_moves.IsOwed);
        Assert.Equal(Options.MinInterval, _moves.Interval);
    }

    [Fact]
    public void The_first_of_all_and_one_before_which_the_clock_was_set_back_do_not_count()
    {
        Hand(1e-6, null);
        Hand(1e-6, -Second);
        Assert.Equal(Options.MinInterval, _moves.Interval);
    }

    [Fact]
    public void Only_the_newest_hand_outs_count()
    {
        Hand(1e-3, Second);
        Hand(1e-6, Second);
        Hand(3e-6, Second);
        Assert.Equal(After(4e-6, 2), _moves.Interval);
    }

    private static TimeSpan After(double squares, double seconds) => TimeSpan.FromSeconds(Options.MoveTarget * Options.MoveTarget * seconds / squares);

    private void Hand(double meanSquare, TimeSpan? after)
    {
        _moves.Write(meanSquare, after);
        _moves.Commit();
    }
}
