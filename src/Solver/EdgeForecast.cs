namespace QTrade.Solver;

/// <summary>
/// What a direction towards products of 0 leads to: how many times the way to the nearest bound it is, in f and in the multipliers, and the sum of the products after
/// a part p of it in f and a part d of it in the multipliers, sum (f + p df)(lambda_l + d dlambda_l) + (u - p df)(lambda_u + d dlambda_u), from
/// its moments sum (lambda_l - lambda_u) df and sum (lambda_l/f + lambda_u/u) df^2.
/// </summary>
internal readonly record struct EdgeForecast(double Products, double Primal, double Dual, double First, double Second)
{
    public double After(double p, double d) => (Products * (1 - d)) + (((p * (1 - d)) - d) * First) - (p * d * Second);
}
