using System.Collections.Immutable;
using QTrade.Markets;

namespace QTrade.Messages.Wire;

/// <summary>A result with its certificate. How long the solve took is not recorded: it is no part of what was decided.</summary>
internal static class ResultForm
{
    public static void Write(MarketResult result, ProtoWriter writer)
    {
        writer.Text(1, result.Market);
        writer.Text(2, result.MarketHash);
        writer.Text(3, result.Solver);
        writer.Int(4, Number(result.Status));
        writer.Double(5, result.Profit);
        writer.Double(6, result.UpperBound);
        writer.Double(7, result.Gap);
        writer.Doubles(8, result.Prices);
        writer.Doubles(9, result.NetFlow);
        Fields.Write(writer, 10, result.Trades, Write);
        writer.Int(11, result.Iterations);
        writer.OptionalDouble(12, result.UnlimitedBound);
        writer.OptionalText(13, result.Explanation);
        writer.OptionalText(14, result.Search);
    }

    public static MarketResult Read(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        string market = "", hash = "", solver = "";
        string? explanation = null, search = null;
        double profit = 0, upperBound = 0, gap = 0;
        double? unlimitedBound = null;
        ImmutableArray<double> prices = [], netFlow = [];
        var trades = ImmutableArray.CreateBuilder<PoolTrade>();
        int iterations = 0, status = 0;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: market = reader.Text(); break;
                case 2: hash = reader.Text(); break;
                case 3: solver = reader.Text(); break;
                case 4: status = reader.Int32(); break;
                case 5: profit = reader.Double(); break;
                case 6: upperBound = reader.Double(); break;
                case 7: gap = reader.Double(); break;
                case 8: prices = reader.Doubles(); break;
                case 9: netFlow = reader.Doubles(); break;
                case 10: trades.Add(ReadTrade(ref reader)); break;
                case 11: iterations = reader.Int32(); break;
                case 12: unlimitedBound = reader.Double(); break;
                case 13: explanation = reader.Text(); break;
                case 14: search = reader.Text(); break;
                default: break;
            }
        }

        if (reader.Faulty || StatusOf(status) is null)
            outer.Fail();
        return new MarketResult
        {
            Market = market,
            MarketHash = hash,
            Solver = solver,
            Status = StatusOf(status) ?? ResultStatus.Invalid,
            Profit = profit,
            UpperBound = upperBound,
            Gap = gap,
            Prices = prices,
            NetFlow = netFlow,
            Trades = trades.DrainToImmutable(),
            Iterations = iterations,
            UnlimitedBound = unlimitedBound,
            Explanation = explanation,
            Search = search,
        };
    }

    internal static void Write(PoolTrade trade, ProtoWriter writer)
    {
        writer.Text(1, trade.Pool.Value);
        writer.Doubles(2, trade.Tender);
        writer.Doubles(3, trade.Receive);
        writer.Double(4, trade.MarginalPriceBefore);
        writer.Double(5, trade.MarginalPriceAfter);
    }

    internal static PoolTrade ReadTrade(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        var pool = "";
        ImmutableArray<double> tender = [], receive = [];
        double before = 0, after = 0;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: pool = reader.Text(); break;
                case 2: tender = reader.Doubles(); break;
                case 3: receive = reader.Doubles(); break;
                case 4: before = reader.Double(); break;
                case 5: after = reader.Double(); break;
                default: break;
            }
        }

        if (reader.Faulty)
            outer.Fail();
        return new PoolTrade(new PoolId(pool), tender, receive, before, after);
    }

    private static int Number(ResultStatus status) => status switch
    {
        ResultStatus.Optimal => 1,
        ResultStatus.NoArbitrage => 2,
        ResultStatus.Inaccurate => 3,
        ResultStatus.Budget => 4,
        ResultStatus.Invalid => 5,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "not a status of a result"),
    };

    private static ResultStatus? StatusOf(int number) => number switch
    {
        1 => ResultStatus.Optimal,
        2 => ResultStatus.NoArbitrage,
        3 => ResultStatus.Inaccurate,
        4 => ResultStatus.Budget,
        5 => ResultStatus.Invalid,
        _ => null,
    };
}
