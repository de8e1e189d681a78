using QTrade.Solver.Arithmetic;
using QTrade.Solver.Newton;
using QTrade.Solver.Pools;

namespace QTrade.Solver.Tests.Newton;

/// <summary>Pieces of constant price fill over ramps, in their order, and are at their kink as full as the ramp is centred on.</summary>
public sealed class LinearRampsSpecs
{
    private const double Near = 1e-12;

    private static readonly BinsPool Bins = new(
        [0, 1], [new(2, 30, 0, 0.001), new(2.1, 20, 0, 0.001), new(1.9, 0, 50, 0.001), new(1.8, 0, 70, 0.001)], fee: 0.001);

    [Fact]
    public void Pieces_fill_one_after_the_other()
    {
        LinearRamps ramps = Open(Bins);
        double before = 0;
        foreach (double u in (double[])[1e-5, 5e-4, 9e-4, 0.002, 0.05, 0.06, 0.2])
        {
            foreach (int side in (int[])[0, 1])
            {
                ramps.Flows(side, ramps.PieceAt(side, u), u, out double tender, out double received);
                double exact = Bins.Receive(side, tender).Nearest();
                Assert.Equal(exact, received, 1e-9 * exact);
                if (side == 0)
                    Assert.True(tender >= before, $"tender {tender} at {u}, {before} before");
                before = side == 0 ? tender : before;
            }
        }

        ramps.Flows(0, ramps.PieceAt(0, 1), 1, out double all, out _);
        Assert.Equal(Bins.MostTender(0), all, Near * all);
    }

    [Fact]
    public void A_piece_that_was_filled_in_part_is_as_full_where_it_gains_nothing()
    {
        LinearRamps ramps = Open(Bins);
        double u = 3e-4;
        ramps.Flows(0, ramps.PieceAt(0, u), u, out double tender, out _);
        Assert.InRange(ramps.LossAt(0, ramps.PieceAt(0, u), u, u), Near, 1);
        ramps.Centre(0, u, double.NegativeInfinity);
        ramps.Flows(0, ramps.PieceAt(0, 0), 0, out double centred, out _);
        Assert.Equal(tender, centred, Near * tender);
        Assert.Equal(0, ramps.LossAt(0, ramps.PieceAt(0, 0), 0, 0));
        Assert.True(ramps.BeginOf(0) < 0);
    }

    /// <summary>Against what the pool earns at best, exactly: pieces on both sides of the one that is filled in part, filled and empty, and a side that is empty as a whole.</summary>
    [Theory]
    [InlineData(3e-4)]
    [InlineData(0.03)]
    [InlineData(0.0491)]
    [InlineData(0.2)]
    [InlineData(-1)]
    public void What_a_side_loses_is_what_its_flows_earn_less_than_the_best_there(double filledAt)
    {
        LinearRamps ramps = Open(Bins);
        int piece = filledAt < 0 ? -1 : ramps.PieceAt(0, filledAt);
        double tender = 0, received = 0;
        if (piece >= 0)
            ramps.Flows(0, piece, filledAt, out tender, out received);
        foreach (double u in (double[])[-0.02, -1e-4, 1e-4, 4e-4, 0.01, 0.048, 0.0493, 0.06])
        {
            double priceOut = Elementary.Exp(u) / Bins.BestRate(0);
            double lost = (Bins.LegArbitrage(0, 1, priceOut) - (DoubleDouble.Product(priceOut, received) - tender)).Nearest();
            Assert.Equal(lost, ramps.LossAt(0, piece, filledAt, u), (0.08 * lost) + 1e-9);
        }
    }

    [Fact]
    public void An_earlier_tender_tells_how_full_pieces_are()
    {
        LinearRamps ramps = Open(Bins);
        double tender = 0.6 * Bins.MostTender(0);
        ramps.FillBy(0, tender);
        ramps.LayAll();
        double kink = ramps.KinkOf(0, 2);
        ramps.Flows(0, ramps.PieceAt(0, kink), kink, out double tendered, out _);
        Assert.Equal(tender, tendered, Near * tender);
    }

    [Fact]
    public void A_ramp_whose_piece_does_not_come_nearer_to_its_kink_is_narrowed()
    {
        LinearRamps ramps = Open(Bins);
        double first = RiseAt(ramps, 1e-6);
        ramps.Centre(0, 1e-4, double.NegativeInfinity);
        double second = RiseAt(ramps, 1e-6);
        ramps.Centre(0, 1e-4, double.NegativeInfinity);
        Assert.Equal(first, second, Near * first);
        Assert.True(RiseAt(ramps, 1e-6) > 2 * first);
    }

    [Fact]
    public void Ramps_that_are_made_wide_stay_so_while_their_pieces_come_nearer()
    {
        LinearRamps ramps = Open(Bins);
        double wide = RiseAt(ramps, 1e-6);
        ramps.SetWidth(LinearRamps.NarrowWidth);
        ramps.LayAll();
        Assert.True(RiseAt(ramps, 1e-6) > 50 * wide);
        ramps.Centre(0, 3e-6, double.NegativeInfinity);
        ramps.SetWidth(LinearRamps.WideWidth);
        ramps.LayAll();
        Assert.Equal(wide, RiseAt(ramps, 1e-6), Near * wide);
        ramps.Centre(0, 3e-4, double.NegativeInfinity);
        Assert.Equal(wide, RiseAt(ramps, 1e-6), Near * wide);
    }

    [Fact]
    public void Ramps_that_are_opened_again_are_as_new_whatever_their_width_was()
    {
        LinearRamps ramps = Open(Bins);
        double tender = 0.6 * Bins.MostTender(0);
        foreach (double width in (double[])[LinearRamps.NarrowWidth, LinearRamps.WideWidth, LinearRamps.NarrowWidth])
        {
            ramps.SetWidth(width);
            ramps.Open(0, ramps.KinkOf(0, 0));
            ramps.FillBy(0, tender);
            ramps.LayAll();
            LinearRamps anew = Open(Bins);
            anew.SetWidth(width);
            anew.Open(0, anew.KinkOf(0, 0));
            anew.FillBy(0, tender);
            anew.LayAll();
            for (double u = 1e-7; u < 1; u *= 2)
            {
                Assert.Equal(anew.Flows(0, anew.PieceAt(0, u), u, out double expected, out _), ramps.Flows(0, ramps.PieceAt(0, u), u, out double tendered, out _));
                Assert.Equal(expected, tendered);
            }

            ramps.Centre(0, 2e-6, double.NegativeInfinity);
        }
    }

    [Fact]
    public void The_sides_of_a_pool_without_a_fee_do_not_overlap()
    {
        var pool = new SumPool([0, 1], [50, 50], [1, 1], fee: 0);
        LinearRamps ramps = Open(pool, between: 0);
        ramps.Centre(0, 4e-4, double.NegativeInfinity);
        double end = -ramps.BeginOf(0);
        Assert.True(end > 0);
        Assert.Equal(end, ramps.BeginOf(1), Near);
        ramps.Centre(0, double.NegativeInfinity, end + 2e-4);
        Assert.True(ramps.BeginOf(1) < 0);
        Assert.Equal(-ramps.BeginOf(1), ramps.BeginOf(0), Near);
    }

    /// <summary>What was filled and centred before leaves nothing behind where a pool is opened again, and a pool that stayed empty is the same without being laid again.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_pool_that_is_opened_again_is_as_one_that_is_new(bool filled, bool centred)
    {
        LinearRamps ramps = Open(Bins), fresh = Open(Bins);
        if (filled)
        {
            ramps.FillBy(0, 0.5 * Bins.MostTender(0));
            ramps.LayAll();
        }

        for (int round = 0; centred && round < 2; round++)
            ramps.Centre(0, 1e-4, double.NegativeInfinity);
        ramps.Centre(0, double.NegativeInfinity, double.NegativeInfinity);
        ramps.Open(0, 0.002);
        ramps.LayAll();
        for (int i = -20; i <= 20; i++)
        {
            Assert.Equal(fresh.BeginOf(0), ramps.BeginOf(0));
            Assert.Equal(fresh.BeginOf(1), ramps.BeginOf(1));
            double u = 1e-3 * i;
            int piece = fresh.PieceAt(0, u);
            Assert.Equal(piece, ramps.PieceAt(0, u));
            Assert.Equal(fresh.Flows(0, piece, u, out double tender, out double received), ramps.Flows(0, piece, u, out double tenderAgain, out double receivedAgain));
            Assert.Equal((tender, received), (tenderAgain, receivedAgain));
        }
    }

    private static double RiseAt(LinearRamps ramps, double u) => ramps.Flows(0, ramps.PieceAt(0, u), u, out _, out _);

    private static LinearRamps Open(RoutingPool pool, double between = 0.002)
    {
        var ramps = new LinearRamps();
        ramps.Begin(2);
        Assert.Equal(pool.MostReceived(0), ramps.Add(pool, 0), 1e-9 * pool.MostReceived(0));
        Assert.Equal(pool.MostReceived(1), ramps.Add(pool, 1), 1e-9 * pool.MostReceived(1));
        ramps.Open(0, between);
        ramps.LayAll();
        return ramps;
    }
}
