using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Trading.Execution;

namespace QTrade.Trading.Cluster;

/// <summary>
/// The executor's side of the shared loss limit: it trades while it holds a slice that is not used up and was confirmed lately, and has one command out
/// at a time, repeated until it is answered. Mutable, and owned by the executor.
/// </summary>
/// <param name="executor">Its name, another one after every start.</param>
/// <param name="wanted">Size of the slices that it asks for, in value units.</param>
/// <param name="known">What its journal tells that it and its predecessors lost since trading was resumed; null where it has none.</param>
/// <param name="resumedAt">When trading was resumed last, as its journal tells.</param>
public sealed class RiskAllowance(string executor, double wanted, double? known = null, DateTimeOffset resumedAt = default)
{
    /// <summary>How often a slice is reported on, and how long an answer is waited for before the command is repeated.</summary>
    public static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    private long generation;
    private long number = 1;
    private RiskSliceLeased? slice;
    private double loss;
    private double told;
    private double outside;
    private double outsideTold;
    private double countedBefore;
    private bool isReturning;
    private TimeSpan? sent;
    private TimeSpan? outsideSent;
    private TimeSpan? firstUnanswered;
    private TimeSpan confirmed;
    private long? stray;
    private string refusal = "none was leased yet";

    /// <summary>Its name.</summary>
    public string Executor => executor;

    /// <summary>Slices leased so far.</summary>
    public long Leased { get; private set; }

    /// <summary>Requests that risk refused.</summary>
    public long Refusals { get; private set; }

    /// <summary>Lost of the slice at hand, in value units.</summary>
    public double Loss => loss;

    /// <summary>Lost without a slice since trading was resumed, in value units.</summary>
    public double Outside => outside;

    /// <summary>The newest generation heard of, 0 before the first.</summary>
    public long Generation => generation;

    /// <summary>What may still be lost of the slice at hand, in value units.</summary>
    public double Left => slice is null || isReturning ? 0 : Math.Max(0, slice.LossMax - loss);

    /// <summary>A trade lost so much, in value units.</summary>
    public void Lose(double amount)
    {
        // What is being given back was told as it was.
        if (isReturning || slice is null)
            outside += amount;
        else
            loss += amount;
    }

    /// <summary>Trading was resumed by this executor: what was lost before counts no more, whenever risk hears of it.</summary>
    public void Resume()
    {
        if (known is not null)
            known = 0;
        (outside, outsideTold, countedBefore) = (0, 0, loss);
    }

    /// <summary>What to tell <c>risk</c> now; null for nothing. Call at least every <see cref="ReportEvery"/>.</summary>
    /// <param name="now">Monotonic.</param>
    /// <param name="at">The node's clock.</param>
    public IRiskCommand? Look(TimeSpan now, DateTimeOffset at)
    {
        if (stray is { } unused)
        {
            stray = null;
            return new ReportRiskSlice(executor, unused, 0, true, at);
        }

        if (LookOutside(now, at) is { } report)
            return report;
        // What was lost without a slice is reckoned with before another is leased.
        if ((slice is null && outside > outsideTold) || (sent is { } last && now - last < ReportEvery))
            return null;
        sent = now;
        firstUnanswered ??= now;
        if (slice is null)
            return new LeaseRiskSlice(executor, number, wanted, at) { Known = Leased == 0 ? known : null, ResumedAt = Leased == 0 ? resumedAt : default };
        isReturning |= loss >= slice.LossMax;
        return new ReportRiskSlice(executor, number, loss, isReturning, at);
    }

    private ReportRiskLoss? LookOutside(TimeSpan now, DateTimeOffset at)
    {
        if (outside <= outsideTold || generation == 0 || (outsideSent is { } last && now - last < ReportEvery))
            return null;
        outsideSent = now;
        return new ReportRiskLoss(executor, generation, outside, at);
    }

    /// <summary>A slice was leased.</summary>
    public void Hear(RiskSliceLeased leased)
    {
        if (leased.Executor != executor || leased.Generation < generation)
            return;
        if (leased.Slice < number)
        {
            // The request was delivered again after its slice had been given back.
            stray = leased.Slice;
            return;
        }

        if (leased.Slice != number || slice is not null)
            return;
        if (leased.Generation > generation)
            outsideTold = 0;
        (generation, slice, loss, countedBefore) = (leased.Generation, leased, 0, 0);
        Leased++;
        Confirm();
    }

    /// <summary>A report was taken.</summary>
    public void Hear(RiskSliceReported reported)
    {
        if (reported.Executor != executor || reported.Slice != number || slice is null)
            return;
        Confirm();
        told = Math.Max(told, reported.Loss);
        if (reported.IsReturned)
            Next();
    }

    /// <summary>What was lost without a slice was taken.</summary>
    public void Hear(RiskLossTold taken)
    {
        if (taken.Executor != executor || taken.Generation != generation)
            return;
        outsideTold = Math.Max(outsideTold, taken.Loss);
        outsideSent = null;
    }

    /// <summary>Risk refused a command about a slice, in a generation.</summary>
    public void Refused(long refused, long inGeneration, ReasonCode reason, string detail)
    {
        if (refused != number)
            return;
        Refusals++;
        refusal = $"{reason} {detail}".TrimEnd();
        firstUnanswered = null;
        if (reason != ReasonCode.UnknownRiskSlice || slice is null)
            return;
        // A late request of a predecessor gave it back: what was not told of it by then was lost without it. What it gives back itself was told whole.
        if (inGeneration == slice.Generation && !isReturning)
            outside += Math.Max(0, loss - told);
        Next();
    }

    /// <summary>Trading was resumed in this generation: slices of earlier ones are void, and so are their losses.</summary>
    public void Hear(long riskGeneration)
    {
        if (riskGeneration <= generation)
            return;
        generation = riskGeneration;
        outsideTold = 0;
        if (slice is null)
            return;
        // Of the void slice only what was lost since trading was resumed counts on.
        outside += Math.Max(0, loss - countedBefore);
        Next();
    }

    /// <summary>
    /// How the shared limit stands. Where it was lowered below what was lost and is leased the slice at hand is given back, and the next one is of what is left.
    /// </summary>
    public void Hear(RiskTold told)
    {
        Hear(told.Generation);
        if (slice is null || isReturning || told.Generation != generation || told.Lost + told.Leased <= told.LossMax * (1 + RiskRules.SumTolerance))
            return;
        (isReturning, sent) = (true, null);
    }

    /// <summary>What the slice at hand lets the executor do now, and why.</summary>
    public (TradingState State, TradingStateReason Reason) InForce(TimeSpan now) =>
        slice is null ? Halt(ReasonCode.RiskUnleased, $"no slice of the shared loss limit is at hand: {refusal}")
        : isReturning && loss < slice.LossMax ? Halt(ReasonCode.RiskUnleased, $"the slice of {slice.LossMax} of the shared loss limit is given back: that was lowered")
        : Left <= 0 ? Halt(ReasonCode.RiskExhausted, $"the slice of {slice.LossMax} of the shared loss limit is used up")
        : now - confirmed >= RiskRules.Term ? Halt(ReasonCode.RiskUnleased, $"the slice of the shared loss limit was not confirmed for {RiskRules.Term.TotalSeconds} s")
        : (TradingState.Active, TradingStateReason.Initial);

    /// <summary>The slice holds from when the answered command was sent: before that risk cannot have reckoned with it.</summary>
    private void Confirm()
    {
        confirmed = firstUnanswered ?? confirmed;
        firstUnanswered = null;
    }

    private void Next()
    {
        (slice, loss, told, countedBefore, isReturning, sent, firstUnanswered) = (null, 0, 0, 0, false, null, null);
        number++;
    }

    private static (TradingState State, TradingStateReason Reason) Halt(ReasonCode reason, string detail) =>
        (TradingState.Halted, new TradingStateReason(reason, detail));
}
