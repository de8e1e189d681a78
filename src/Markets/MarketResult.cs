using System.Collections.Immutable;

namespace QTrade.Markets;

/// <summary>An answer with its certificate, as <c>qtrade.result/1</c> holds it. Equal by value.</summary>
public sealed record MarketResult
{
    /// <summary>Name of the market.</summary>
    public required string Market { get; init; }

    /// <summary>SHA-256 of the market file's bytes, in lower case hex.</summary>
    public required string MarketHash { get; init; }

    /// <summary>Name and version of the solver.</summary>
    public required string Solver { get; init; }

    /// <summary>How the solve ended.</summary>
    public required ResultStatus Status { get; init; }

    /// <summary>c . psi of the trades as printed, less the cost of the pools used.</summary>
    public required double Profit { get; init; }

    /// <summary>The dual at <see cref="Prices"/>; with limits the bound of the search's largest leaf.</summary>
    public required double UpperBound { get; init; }

    /// <summary>(upperBound - profit) / max(|upperBound|, 1e-9).</summary>
    public required double Gap { get; init; }

    /// <summary>nu, one per token in the market's order; with limits those of the largest leaf.</summary>
    public required ImmutableArray<double> Prices { get; init; }

    /// <summary>psi for showing, one per token in the market's order; the trades are what counts.</summary>
    public required ImmutableArray<double> NetFlow { get; init; }

    /// <summary>The pools that trade.</summary>
    public required ImmutableArray<PoolTrade> Trades { get; init; }

    /// <summary>Iterations of the solver.</summary>
    public required int Iterations { get; init; }

    /// <summary>Milliseconds it took; recorded results leave it out.</summary>
    public double? ElapsedMs { get; init; }

    /// <summary>With limits: the bound without them.</summary>
    public double? UnlimitedBound { get; init; }

    /// <summary>The explanation as JSON text.</summary>
    public string? Explanation { get; init; }

    /// <summary>With limits: the search as JSON text, see <see cref="Files.SearchText"/>.</summary>
    public string? Search { get; init; }

    /// <inheritdoc/>
    public bool Equals(MarketResult? other) =>
        other is not null
        && Market == other.Market
        && MarketHash == other.MarketHash
        && Solver == other.Solver
        && Status == other.Status
        && Profit.Equals(other.Profit)
        && UpperBound.Equals(other.UpperBound)
        && Gap.Equals(other.Gap)
        && StructuralEquality.Same(Prices, other.Prices)
        && StructuralEquality.Same(NetFlow, other.NetFlow)
        && StructuralEquality.Same(Trades, other.Trades)
        && Iterations == other.Iterations
        && Nullable.Equals(ElapsedMs, other.ElapsedMs)
        && Nullable.Equals(UnlimitedBound, other.UnlimitedBound)
        && Explanation == other.Explanation
        && Search == other.Search;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(MarketHash, Solver, Status, Profit, UpperBound, Iterations);
}
