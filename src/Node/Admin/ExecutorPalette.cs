using System.Globalization;
using System.Text.Json.Nodes;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Node.Actors;
using QTrade.Web.Admin;

namespace QTrade.Node.Admin;

/// <summary>The executor: what it may do, and its kill switch.</summary>
internal static class ExecutorPalette
{
    private const int ReasonLengthMax = 500;
    private const string MaxNotional = "max-notional";
    private const string MaxLoss = "max-loss";
    private const string ErrorStreak = "error-streak";
    private const string SharedLoss = "shared-loss";
    private const string LookAtLimits = "executor limits";

    /// <summary>The halt holds before this begins to run: what is waited for is its being durable.</summary>
    private static readonly TimeSpan HaltPatience = TimeSpan.FromMilliseconds(800);

    public static Task<AdminReply> ListAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var (status, executor) = (context.Status, context.Node.Executor);
        var rows = new JsonArray(new JsonObject
        {
            ["node"] = context.Admin.NodeName,
            ["mode"] = context.Node.Setup.Options.Execute.ToString().ToLowerInvariant(),
            ["state"] = AdminJsonOf.Name(status.TradingState),
            ["why"] = status.TradingStateReason,
            ["executed"] = executor.Executed,
            ["profit"] = executor.Profit,
            ["lossSinceResumed"] = executor.Loss,
            ["errorStreak"] = executor.ErrorStreak,
        });
        foreach (var other in context.Node.Nodes?.All ?? [])
        {
            if (other.Announced.Roles.HasFlag(NodeRoles.Executor) && other.Announced.Node != context.Admin.NodeName)
                rows.Add(new JsonObject { ["node"] = other.Announced.Node, ["state"] = other.IsGone ? "GONE" : "STANDBY" });
        }

        return Task.FromResult(AdminReply.Done(rows));
    }

    public static async Task<AdminReply> HaltAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var reason = ReasonOf(context);
        var halt = new SetTradingState(TradingState.Halted, ReasonCode.Operator, reason, context.Time.GetUtcNow()) { By = context.By };
        string? notWritten;
        try
        {
            notWritten = (await context.Node.HaltAsync(halt, HaltPatience, CancellationToken.None).ConfigureAwait(false)).NotWritten;
        }
        catch (TimeoutException)
        {
            notWritten = context.Node.JournalFault ?? $"nothing was heard of it within {HaltPatience.TotalMilliseconds:0} ms";
        }

        return notWritten is null
            ? AdminReply.Done(State(context, TradingState.Halted, journalled: true), "HALTED: nothing is traded until executor resume, restarts included")
            : context.Node.Setup.Cluster is not null ? new AdminReply(
                AdminStatus.Failed,
                $"HALTED AT THIS NODE ONLY as far as is known ({notWritten}): the order goes to whoever executes until it arrives; see executor list, and halt at another node too")
            : AdminReply.Done(
                State(context, TradingState.Halted, journalled: false),
                $"HALTED, but NOT YET JOURNALLED ({notWritten}): it holds while this node runs and is written as soon as the journal writes; do not restart before");
    }

    public static async Task<AdminReply> ResumeAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var reason = ReasonOf(context);
        var ended = await context.Node.SteerAsync(
            new SetTradingState(TradingState.Active, ReasonCode.Operator, reason, context.Time.GetUtcNow()) { By = context.By },
            AdminContext.Patience,
            cancellationToken).ConfigureAwait(false);
        return Refusal(ended, "executor list")
            ?? AdminReply.Done(State(context, TradingState.Active, journalled: true), "ACTIVE: trades within its limits; losses and errors count from 0");
    }

    public static async Task<AdminReply> LimitsAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Node.Limits is not { } before)
            return AdminReply.No("no executor was heard of yet: ask again");
        if (!TryAmount(context, MaxNotional, before.NotionalMax, out var notional, out var fault)
            || !TryAmount(context, MaxLoss, before.LossMax, out var loss, out fault)
            || !TryAmount(context, SharedLoss, 0, out var shared, out fault)
            || !context.TryWhole(ErrorStreak, before.ErrorStreakMax, 1, 1_000_000, out var streak, out fault))
            return fault!;
        var limits = new RiskLimits(notional, loss, streak);
        if (context.Request.Arguments.Count == 0)
            return AdminReply.Done(Limits(before, context.Node.Risk));
        // Also where they are in force: what was ordered before and is still on its way is older from now on.
        var ordersOwn = context.Request[MaxNotional] is not null || context.Request[MaxLoss] is not null || context.Request[ErrorStreak] is not null;
        if (context.Request[SharedLoss] is not null)
        {
            var set = await context.Node.SetSharedLossAsync(
                new SetSharedLoss(shared, context.Time.GetUtcNow()) { By = context.By }, AdminContext.Patience, cancellationToken).ConfigureAwait(false);
            if (Refusal(set, LookAtLimits) is { } refused)
                return !ordersOwn ? refused : refused with { Message = $"{refused.Message}; the other limits are as they were" };
        }

        if (ordersOwn && await NotSetAsync(context, limits, cancellationToken).ConfigureAwait(false) is { } notSet)
            return context.Request[SharedLoss] is null ? notSet : notSet with { Message = $"HALF DONE: {SharedLoss} is {shared} now; the other limits: {notSet.Message}" };
        var risk = context.Request[SharedLoss] is not null ? context.Node.Risk is { } told ? told with { LossMax = shared, IsOrdered = true } : null : context.Node.Risk;
        return AdminReply.Done(
            Limits(limits, risk),
            risk is not null && risk.LossMax < loss
                ? $"set, restarts included; all executors together may lose {risk.LossMax}: --{SharedLoss} sets that"
                : "set, restarts included");
    }

    /// <summary>Sets an executor's own limits. Null where they are set, else why they are not, as far as is known.</summary>
    private static async Task<AdminReply?> NotSetAsync(AdminContext context, RiskLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            var order = new SetRiskLimits(limits, context.Time.GetUtcNow()) { By = context.By };
            return Refusal(await context.Node.SteerAsync(order, AdminContext.Patience, cancellationToken).ConfigureAwait(false), LookAtLimits);
        }
        catch (TimeoutException)
        {
            return new AdminReply(AdminStatus.Failed, $"no answer in time; whether it was done is not known: look with {LookAtLimits}");
        }
    }

    private static AdminReply? Refusal(ExecutorCommandEnded ended, string look) =>
        ended.Refusal is { } refusal ? AdminReply.No($"refused: {refusal}")
        : ended.NotWritten is { } error ? new AdminReply(AdminStatus.Failed, $"nothing changed: the journal does not write ({error})")
        : ended.NotTaken is { } ending ? new AdminReply(AdminStatus.Failed, AdminContext.NotTaken(ending, look))
        : null;

    private static JsonObject State(AdminContext context, TradingState state, bool journalled) => new()
    {
        ["node"] = context.Admin.NodeName,
        ["state"] = AdminJsonOf.Name(state),
        ["journalled"] = journalled,
    };

    private static JsonObject Limits(RiskLimits limits, RiskTold? shared)
    {
        var shown = new JsonObject
        {
            ["maxNotional"] = limits.NotionalMax,
            ["maxLoss"] = limits.LossMax,
            ["errorStreak"] = limits.ErrorStreakMax,
        };
        if (shared is not null)
        {
            shown["sharedLoss"] = shared.LossMax;
            shown["sharedLost"] = shared.Lost;
            shown["sharedLeased"] = shared.Leased;
            shown["sharedSlices"] = shared.Slices;
            shown["sharedSlicesLapsed"] = shared.Lapsed;
            shown["sharedGeneration"] = shared.Generation;
        }

        return shown;
    }

    /// <summary>A reason that is too long is cut: a halt is not refused for it.</summary>
    private static string ReasonOf(AdminContext context)
    {
        var reason = context.Request["reason"] ?? string.Empty;
        return AdminContext.Shown(reason, ReasonLengthMax);
    }

    private static bool TryAmount(AdminContext context, string name, double otherwise, out double amount, out AdminReply? fault)
    {
        amount = otherwise;
        fault = context.Request[name] is { } text && !(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out amount) && amount >= 0 && double.IsFinite(amount))
            ? AdminReply.Bad($"{name} is '{AdminContext.Shown(text)}': write a number of at least 0, in value units")
            : null;
        return fault is null;
    }
}
