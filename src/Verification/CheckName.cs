namespace QTrade.Verification;

/// <summary>The checks of a <see cref="VerificationReport"/>, by name.</summary>
public static class CheckName
{
    /// <summary>The result names this market.</summary>
    public const string Market = "market";

    /// <summary>The result's hash is that of the market's bytes. Left out where the bytes are not known.</summary>
    public const string MarketHash = "marketHash";

    /// <summary>Every printed number is finite and every list is there.</summary>
    public const string Finite = "finite";

    /// <summary>One price per token, each at least the token's value. Worst: by how much a price is short of it, relative.</summary>
    public const string Prices = "prices";

    /// <summary>Every trade names a pool of this market, once, with one amount per token of the pool, none negative.</summary>
    public const string Trades = "trades";

    /// <summary>No tender passes its pool's bound. Worst: by how much, relative to the bound.</summary>
    public const string Bounds = "bounds";

    /// <summary>No trade takes more than its pool holds.</summary>
    public const string Reserves = "reserves";

    /// <summary>No invariant falls by more than 1e-12. Worst: the largest relative fall.</summary>
    public const string Invariants = "invariants";

    /// <summary>psi + h is nowhere below -1e-12 of the token's gross turnover. Worst: the largest shortage, relative to the turnover.</summary>
    public const string Shortage = "shortage";

    /// <summary>The shown net flow is what the trades sum to. Worst: the largest difference, relative to the token's turnover.</summary>
    public const string NetFlow = "netFlow";

    /// <summary>The printed profit is c.psi of the trades, with limits less the cost of the pools used. Worst: the difference, relative to the larger of the profit and 1e-9.</summary>
    public const string Profit = "profit";

    /// <summary>
    /// The upper bound is the dual at the prices, with limits the bound of the largest leaf: never below its exact value, above it by at most 1e-10. Worst: their difference, relative
    /// to the larger of the dual and 1e-9; negative is below.
    /// </summary>
    public const string UpperBound = "upperBound";

    /// <summary>The printed gap is that of profit and upper bound, and the profit does not pass the bound. Worst: the recomputed gap.</summary>
    public const string Gap = "gap";

    /// <summary>The status says what the gap allows it to say. Worst: the recomputed gap.</summary>
    public const string Status = "status";

    /// <summary>Every kind of pool is one that can be verified.</summary>
    public const string Kinds = "kinds";

    /// <summary>With limits: no more pools trade than may. Worst: how many trade.</summary>
    public const string Limits = "limits";

    /// <summary>With limits: the search can be read, each leaf names pools of this market, each once, with a price of at least its value per token.</summary>
    public const string Search = "search";

    /// <summary>With limits: each leaf's printed bound is that of its prices. Worst: how far one is off, relative.</summary>
    public const string Leaves = "leaves";

    /// <summary>With limits: the leaves cover every choice of pools.</summary>
    public const string Cover = "cover";

    /// <summary>With limits: the bound without them is the dual at the prices given for it. Worst: their difference, relative.</summary>
    public const string UnlimitedBound = "unlimitedBound";
}
