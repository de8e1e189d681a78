using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages.Execution;
using QTrade.Trading.Ledgers;

namespace QTrade.Trading.Execution;

/// <summary>What survives of the executor: what it may do, its limits, what its fills came to.</summary>
/// <param name="TradingState">What it may do.</param>
/// <param name="StateReason">Why the trading state is what it is.</param>
/// <param name="Limits">The limits in force.</param>
/// <param name="Balances">Sum of all fills per token, in the market's units; negative where working capital is out.</param>
/// <param name="Profit">Sum of profits after costs, in value units.</param>
/// <param name="Loss">Sum of losses since trading was last resumed, in value units, at least 0.</param>
/// <param name="ErrorStreak">Failed trades in a row.</param>
/// <param name="Executed">How many trades took effect.</param>
/// <param name="Refusals">Every outcome that took no effect, by reason.</param>
/// <param name="Tallied">The last <see cref="TalliedKept"/> tallied trades, so that none counts twice.</param>
/// <param name="TalliedOrder">The same, oldest first.</param>
public sealed record ExecutorState(
    TradingState TradingState,
    TradingStateReason StateReason,
    RiskLimits Limits,
    ImmutableSortedDictionary<TokenId, double> Balances,
    double Profit,
    double Loss,
    int ErrorStreak,
    long Executed,
    ReasonTally Refusals,
    ImmutableHashSet<TradeId> Tallied,
    ImmutableQueue<TradeId> TalliedOrder)
{
    /// <summary>
    /// Settings may let no more trades be outstanding, so that none that can still be repeated is forgotten. Part of how events fold: it follows no setting.
    /// </summary>
    public const int TalliedKept = 8192;

    /// <summary>When the trading state was ordered; the default where nobody ordered it, or a version that did not keep it wrote the state.</summary>
    public DateTimeOffset StateAt { get; init; }

    /// <summary>When trading was resumed last, since when <see cref="Loss"/> counts. The default where it never was, or a version that did not keep it wrote the state.</summary>
    public DateTimeOffset ResumedAt { get; init; }

    /// <summary>When the limits were ordered: older ones that arrive later are not taken. The default as with <see cref="StateAt"/>.</summary>
    public DateTimeOffset LimitsAt { get; init; }

    /// <summary>Whether a person ordered the limits; otherwise those of the settings are in force. True also where a version that did not keep it wrote the state.</summary>
    public bool AreLimitsOrdered { get; init; }

    /// <summary>The same where the settings have these limits.</summary>
    public ExecutorState WithConfigured(RiskLimits limits) => AreLimitsOrdered ? this : this with { Limits = limits };

    /// <summary>Before anything happened: active, with the given limits.</summary>
    public static ExecutorState Initial(RiskLimits limits) =>
        new(
            TradingState.Active,
            TradingStateReason.Initial,
            limits,
            ImmutableSortedDictionary<TokenId, double>.Empty,
            0,
            0,
            0,
            0,
            ReasonTally.Empty,
            [],
            []);
}
