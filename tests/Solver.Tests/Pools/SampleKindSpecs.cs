using System.Collections.Immutable;
using QTrade.Solver.Arithmetic;
using QTrade.Solver.Pools;

namespace QTrade.Solver.Tests.Pools;

/// <summary>A new kind of pool is one class; nothing else knows of it.</summary>
public sealed class SampleKindSpecs
{
    [Fact]
    public void A_kind_that_nobody_knows_trades_to_its_known_optimum()
    {
        double q = 1 / 0.99;
        double expected = (2 * 10 - q * 10) * (2 * 10 - q * 10) / (2 + q);
        RoutingSolution solution = ClosedFormSpecs.Solve([1, 2], [1000, 0], new ConstantPowerPool([0, 1], [100, 100], 0.01));
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assert.Equal(expected, solution.Profit, expected * 1e-9);
    }

    [Fact]
    public void It_is_certified_among_the_others()
    {
        RoutingSolution solution = ClosedFormSpecs.Solve(
            [1, 2, 0.5],
            [0, 0, 0],
            new ProductPool([0, 1], [900, 500], 0.003),
            new ConstantPowerPool([1, 2], [300, 600], 0.003),
            new WeightedPool([0, 1, 2], [80, 50, 170], [1, 1, 1], 0.003));
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assert.Equal(3, solution.Trades.Length);
        Assert.True(solution.Profit > 1);
    }

    [Fact]
    public void A_kind_of_linear_pieces_that_nobody_knows_takes_Newton_steps_like_those_that_are_known()
    {
        var bins = new BinsPool([0, 1], [new(1, 300, 200, 0.002), new(1.02, 500, 0, 0.001), new(0.99, 0, 400, 0.001)], 0.001);
        RoutingPool[] others = [new ProductPool([0, 1], [900, 1000], 0.003), new ProductPool([0, 1], [1010, 1000], 0.003)];
        var workspace = new SolverWorkspace();
        RoutingSolution unknown = RoutingSolver.Solve(new([1, 1], [0, 0], [new UnknownLinearPool(bins), .. others]), SolverStart.Cold, SolverOptions.Default, workspace);
        RoutingSolution known = ClosedFormSpecs.Solve([1, 1], [0, 0], [bins, .. others]);
        Assert.Equal(SolverStatus.Optimal, unknown.Status);
        Assert.Equal(0, workspace.Point.LegCount);
        Assert.Equal(known.Profit, unknown.Profit, 1e-10 * known.Profit);
        Assert.Contains(unknown.Trades, trade => trade.Pool == 0);
        for (int leg = 0; leg < 2; leg++)
            Assert.Equal(Pieces(bins, leg), Pieces(new UnknownLinearPool(bins), leg), (one, other) => Math.Abs(one - other) <= 1e-14 * Math.Abs(one));
    }

    private static double[] Pieces(RoutingPool pool, int leg)
    {
        int edges = pool.EdgeCount(leg);
        Assert.True(edges > 1);
        double[] pieces = new double[3 * edges];
        pool.DescribePieces(leg, pieces.AsSpan(0, edges), pieces.AsSpan(edges, edges), pieces.AsSpan(2 * edges, edges));
        return pieces;
    }

    /// <summary>Edges of constant price, and nothing said beyond what every kind has to say.</summary>
    private sealed class UnknownLinearPool(BinsPool bins) : RoutingPool(bins.Tokens, bins.Fee, 0, [])
    {
        public override bool IsPiecewise => true;

        protected internal override bool IsLinear => true;

        protected internal override int EdgeCount(int leg) => bins.EdgeCount(leg);

        protected internal override void Describe(int leg, Span<double> gamma, Span<double> cap, Span<double> scale) => bins.Describe(leg, gamma, cap, scale);

        protected internal override void Evaluate(
            int leg, ReadOnlySpan<double> f, Span<double> output, Span<double> slope, Span<double> curvature, Span<int> cell) =>
            bins.Evaluate(leg, f, output, slope, curvature, cell);

        protected internal override double MostTender(int leg) => bins.MostTender(leg);

        protected internal override double MostReceived(int leg) => bins.MostReceived(leg);

        protected internal override DoubleDouble Receive(int leg, double tender) => bins.Receive(leg, tender);

        protected internal override DoubleDouble LegArbitrage(int leg, double priceIn, double priceOut) => bins.LegArbitrage(leg, priceIn, priceOut);

        protected internal override double MarginalPrice(int of, int per, ReadOnlySpan<double> tender, ReadOnlySpan<double> receive) =>
            bins.MarginalPrice(of, per, tender, receive);
    }

    /// <summary>sqrt x + sqrt y never falls: with d = sqrt(X + f) - sqrt X the output is d (2 sqrt Y - d), up to d = sqrt Y.</summary>
    private sealed class ConstantPowerPool(ImmutableArray<int> tokens, ImmutableArray<double> reserves, double fee) : RoutingPool(tokens, fee, 0, [])
    {
        protected internal override int EdgeCount(int leg) => 1;

        protected internal override void Describe(int leg, Span<double> gamma, Span<double> cap, Span<double> scale)
        {
            gamma[0] = Gamma(leg).Hi;
            cap[0] = Cap(leg);
            scale[0] = reserves[leg];
        }

        protected internal override void Evaluate(
            int leg, ReadOnlySpan<double> f, Span<double> output, Span<double> slope, Span<double> curvature, Span<int> cell)
        {
            double x = reserves[leg] + f[0];
            double d = f[0] / (Math.Sqrt(x) + Math.Sqrt(reserves[leg]));
            double left = Math.Sqrt(reserves[1 - leg]) - d;
            output[0] = d * (left + Math.Sqrt(reserves[1 - leg]));
            slope[0] = left / Math.Sqrt(x);
            curvature[0] = (1 / (2 * Math.Sqrt(x) * left)) + (1 / (2 * x));
        }

        protected internal override double MostTender(int leg) => Cap(leg) / Gamma(leg).Hi;

        protected internal override double MostReceived(int leg) => reserves[1 - leg];

        protected internal override DoubleDouble Receive(int leg, double tender)
        {
            DoubleDouble f = Gamma(leg) * tender;
            DoubleDouble root = DoubleDouble.Sqrt(reserves[1 - leg]);
            DoubleDouble d = DoubleDouble.Min(root, f / (DoubleDouble.Sqrt(f + reserves[leg]) + DoubleDouble.Sqrt(reserves[leg])));
            return BelowReserve(d * (root * 2 - d), 1 - leg, reserves[1 - leg]);
        }

        /// <summary>(nu_out sqrt Y - q sqrt X)^2 / (nu_out + q) with q = nu_in / gamma.</summary>
        protected internal override DoubleDouble LegArbitrage(int leg, double priceIn, double priceOut)
        {
            DoubleDouble q = priceIn / Gamma(leg);
            DoubleDouble excess = DoubleDouble.Sqrt(reserves[1 - leg]) * priceOut - DoubleDouble.Sqrt(reserves[leg]) * q;
            return excess.Hi > 0 ? excess * excess / (q + priceOut) : DoubleDouble.Zero;
        }

        protected internal override double MarginalPrice(int of, int per, ReadOnlySpan<double> tender, ReadOnlySpan<double> receive) =>
            Math.Sqrt((reserves[per] + tender[per] - receive[per]) / (reserves[of] + tender[of] - receive[of]));

        private double Cap(int leg) => reserves[1 - leg] + 2 * Math.Sqrt(reserves[leg] * reserves[1 - leg]);
    }
}
