using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Wire;
using QTrade.Trading.Execution;
using QTrade.Trading.Ledgers;

namespace QTrade.Trading.States;

/// <summary>What survives of the executor.</summary>
internal static class ExecutorStateForm
{
    public static void Write(ExecutorState state, ProtoWriter writer)
    {
        writer.Int(1, (int)state.TradingState);
        writer.Int(2, (int)state.StateReason.Reason);
        writer.Text(3, state.StateReason.Detail);
        var limits = writer.Begin(4);
        writer.Double(1, state.Limits.NotionalMax);
        writer.Double(2, state.Limits.LossMax);
        writer.Int(3, state.Limits.ErrorStreakMax);
        writer.End(limits);
        foreach (var (token, amount) in state.Balances)
        {
            var entry = writer.Begin(5);
            writer.Text(1, token.Value);
            writer.Double(2, amount);
            writer.End(entry);
        }

        writer.Double(6, state.Profit);
        writer.Double(7, state.Loss);
        writer.Int(8, state.ErrorStreak);
        writer.Int(9, state.Executed);
        TallyForm.Write(writer, 10, state.Refusals);
        foreach (var trade in state.TalliedOrder)
            writer.OptionalText(11, trade.Value);
        Fields.Write(writer, 12, state.StateReason.By);
        writer.Time(13, state.StateAt);
        writer.Time(14, state.LimitsAt);
        writer.Bool(15, !state.AreLimitsOrdered);
        writer.Time(16, state.ResumedAt);
    }

    public static ExecutorState? Read(ref ProtoReader reader)
    {
        TradingState? trading = null;
        RiskLimits? limits = null;
        var reason = ReasonCode.None;
        var detail = "";
        Operator? by = null;
        DateTimeOffset stateAt = default, limitsAt = default, resumedAt = default;
        var ordered = true;
        var balances = ImmutableSortedDictionary.CreateBuilder<TokenId, double>();
        double profit = 0, loss = 0;
        var errorStreak = 0;
        long executed = 0;
        var refusals = ReasonTally.Empty;
        var tallied = ImmutableHashSet.CreateBuilder<TradeId>();
        ImmutableQueue<TradeId> order = [];
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: trading = Fields.ReadEnum<TradingState>(ref reader); break;
                case 2: reason = Fields.ReadReason(ref reader); break;
                case 3: detail = reader.Text(); break;
                case 4: limits = ExecutionForms.ReadLimits(ref reader); break;
                case 5: ReadBalance(ref reader, balances); break;
                case 6: profit = reader.Double(); break;
                case 7: loss = reader.Double(); break;
                case 8: errorStreak = reader.Int32(); break;
                case 9: executed = reader.Int(); break;
                case 10: refusals = TallyForm.Read(ref reader); break;
                case 11:
                    var trade = new TradeId(reader.Text());
                    if (!tallied.Add(trade))
                        reader.Fail();
                    order = order.Enqueue(trade);
                    break;
                case 12: by = Fields.ReadOperator(ref reader); break;
                case 13: stateAt = reader.Time(); break;
                case 14: limitsAt = reader.Time(); break;
                case 15: ordered = reader.UInt() == 0; break;
                case 16: resumedAt = reader.Time(); break;
                default: break;
            }
        }

        return trading is { } known && limits is not null
            ? new ExecutorState(
                known, new TradingStateReason(reason, detail) { By = by }, limits, balances.ToImmutable(), profit, loss, errorStreak, executed, refusals,
                tallied.ToImmutable(), order) { StateAt = stateAt, ResumedAt = resumedAt, LimitsAt = limitsAt, AreLimitsOrdered = ordered }
            : null;
    }

    private static void ReadBalance(ref ProtoReader outer, ImmutableSortedDictionary<TokenId, double>.Builder balances)
    {
        var reader = new ProtoReader(outer.Bytes());
        var token = "";
        double amount = 0;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: token = reader.Text(); break;
                case 2: amount = reader.Double(); break;
                default: break;
            }
        }

        if (reader.Faulty)
            outer.Fail();
        balances[new TokenId(token)] = amount;
    }
}
