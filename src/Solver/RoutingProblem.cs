using System.Collections.Immutable;

namespace QTrade.Solver;

/// <summary>
/// The convex routing problem over token indices (Angeris, Evans, Chitra, Boyd, "Optimal routing for constant function market
/// makers", arXiv 2204.05238):
/// <code>
///     maximize    c . psi
///     subject to  psi = sum_i A_i (Lambda_i - Delta_i),   psi + h >= 0,   (Delta_i, Lambda_i) in T_i
/// </code>
/// It knows no names: a token is its index, a pool its place in <see cref="Pools"/>.
/// </summary>
public sealed class RoutingProblem
{
    /// <param name="values">c, the value of one unit of each token; finite and >= 0.</param>
    /// <param name="holdings">h, what is held of each token; finite and >= 0, one per token.</param>
    /// <param name="pools">The pools, over token indices below the token count.</param>
    public RoutingProblem(ImmutableArray<double> values, ImmutableArray<double> holdings, ImmutableArray<RoutingPool> pools)
    {
        Values = values;
        Holdings = holdings;
        Pools = pools;
    }

    /// <summary>c, the value of one unit of each token.</summary>
    public ImmutableArray<double> Values { get; }

    /// <summary>h, what is held of each token.</summary>
    public ImmutableArray<double> Holdings { get; }

    /// <summary>The pools.</summary>
    public ImmutableArray<RoutingPool> Pools { get; }

    /// <summary>Number of tokens.</summary>
    public int TokenCount => Values.Length;

    /// <summary>What makes this problem unsolvable (a number out of range, a token that does not exist), or null.</summary>
    public string? Defect() => DefectOfTokens() ?? DefectOfPools();

    internal string? DefectOfTokens()
    {
        if (Holdings.Length != Values.Length)
            return $"holdings has {Holdings.Length} entries for {Values.Length} tokens";
        for (int j = 0; j < Values.Length; j++)
        {
            if (!(Values[j] >= 0 && double.IsFinite(Values[j])))
                return $"the value of token {j} is {Values[j]}: it must be finite and not negative";
            if (!(Holdings[j] >= 0 && double.IsFinite(Holdings[j])))
                return $"the holding of token {j} is {Holdings[j]}: it must be finite and not negative";
        }

        return null;
    }

    internal string? DefectOfPools()
    {
        for (int i = 0; i < Pools.Length; i++)
        {
            if (!Pools[i].IsSound(TokenCount) && Pools[i].Defect(TokenCount) is { } defect)
                return $"pool {i}: {defect}";
        }

        return null;
    }
}
