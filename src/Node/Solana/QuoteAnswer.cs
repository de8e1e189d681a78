using System.Text.Json;
using QTrade.Markets.Venues;
using QTrade.Solana;

namespace QTrade.Node.Solana;

/// <summary>A quote, or why there is none.</summary>
internal sealed record QuoteAnswer
{
    /// <summary>Why there is no quote; null where there is one.</summary>
    public string? Error { get; init; }

    /// <summary>What is wrong, or its particulars.</summary>
    public string? Detail { get; init; }

    /// <summary>Whether the request itself is wrong.</summary>
    public bool IsBadRequest { get; init; }

    private string? PoolText { get; init; }

    private SolanaPool? Pool { get; init; }

    private VenueFill Fill { get; init; }

    /// <summary>A request that is no request.</summary>
    public static QuoteAnswer Bad(string error) => new() { Error = error, IsBadRequest = true };

    /// <summary>The pool is refused.</summary>
    public static QuoteAnswer Refused(string pool, PoolFault fault) =>
        new() { PoolText = pool, Error = fault.Refusal.ToString(), Detail = fault.Detail is null ? $"{fault.About}" : $"{fault.About}: {fault.Detail}" };

    /// <summary>The venue refuses the swap.</summary>
    public static QuoteAnswer Refused(string pool, VenueRefusal refusal) => new() { PoolText = pool, Error = refusal.ToString() };

    /// <summary>The venue fills the swap.</summary>
    public static QuoteAnswer Filled(SolanaPool pool, in VenueFill fill) => new() { PoolText = pool.Address.ToString(), Pool = pool, Fill = fill };

    private string From => (Fill.ZeroForOne ? Pool!.Mint0 : Pool!.Mint1).ToString();

    private string To => (Fill.ZeroForOne ? Pool!.Mint1 : Pool!.Mint0).ToString();

    private double PriceBefore => Directed(Pool!.State.Price);

    private double PriceAfter => Directed(Fill.PriceAfter);

    // What the swap did to the price, fees apart.
    private double PriceImpact
    {
        get
        {
            var net = (double)Fill.VaultIn - (Fill.FeeOnOutput ? 0 : Fill.Fee);
            var gross = (double)Fill.VaultOut + (Fill.FeeOnOutput ? Fill.Fee : 0);
            return net > 0 && PriceBefore > 0 ? Math.Clamp(1 - gross / net / PriceBefore, 0, 1) : 0;
        }
    }

    /// <summary>Writes it as one object; amounts are text, since they pass 2^53.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (PoolText is not null)
            json.WriteString("pool", PoolText);
        if (Error is not null)
        {
            json.WriteString("error", Error);
            if (Detail is not null)
                json.WriteString("detail", Detail);
        }
        else
        {
            json.WriteString("dex", Pool!.Dex);
            json.WriteString("from", From);
            json.WriteString("to", To);
            json.WriteString("amountIn", Fill.AmountIn.ToString());
            json.WriteString("amountOut", Fill.AmountOut.ToString());
            json.WriteString("fee", Fill.Fee.ToString());
            json.WriteString("feeToken", Fill.FeeOnOutput ? To : From);
            json.WriteNumber("priceBefore", PriceBefore);
            json.WriteNumber("priceAfter", PriceAfter);
            json.WriteNumber("priceImpact", PriceImpact);
            if (Pool.Clock.Slot != ChainClock.SlotNotTold)
                json.WriteNumber("slot", Pool.Clock.Slot);
            json.WriteNumber("unixTime", Pool.Clock.UnixTime);
        }

        json.WriteEndObject();
    }

    /// <summary>One line for people.</summary>
    public override string ToString() => Error is not null
        ? $"{PoolText}: no quote: {Error}{(Detail is null ? "" : $" ({Detail})")}"
        : $"{Fill.AmountIn} {From} -> {Fill.AmountOut} {To}  fee {Fill.Fee} {(Fill.FeeOnOutput ? To : From)}  price {PriceBefore:G9} -> {PriceAfter:G9}  impact {PriceImpact:P4}  ({Pool!.Dex})";

    private double Directed(double price) => Fill.ZeroForOne ? price : price > 0 ? 1 / price : 0;
}
