namespace QTrade.Trading.Planning;

/// <summary>
/// What is left to route of one pool's trade from one token to another. A share f of it receives about f (R + B (1 - f)): the price falls evenly
/// from the pool's to the dual's, at which what is left ends, and B is what R is more than the tender at the dual's price.
/// </summary>
/// <param name="index">Place among the solution's flows.</param>
/// <param name="pool">Index of the pool in the market.</param>
/// <param name="slotIn">Indices of the tokens in the pool.</param>
/// <param name="slotOut">See <paramref name="slotIn"/>.</param>
/// <param name="tokenIn">Indices of the tokens in the market.</param>
/// <param name="tokenOut">See <paramref name="tokenIn"/>.</param>
/// <param name="tender">Tender.</param>
/// <param name="receive">What it is to receive.</param>
/// <param name="endPrice">Received per tender at the end of the trade, by the dual prices; not above receive over tender.</param>
internal sealed class PoolFlow(
    int index, int pool, int slotIn, int slotOut, int tokenIn, int tokenOut, double tender, double receive, double endPrice)
{
    // What is left below this share of the whole is rounding, not flow.
    private const double Dust = 1e-9;

    private readonly double dust = tender * Dust;

    /// <summary>Place among the solution's flows.</summary>
    public int Index => index;

    /// <summary>Index of the pool in the market.</summary>
    public int Pool => pool;

    /// <summary>Indices of the tokens in the pool.</summary>
    public int SlotIn => slotIn;

    public int SlotOut => slotOut;

    /// <summary>Indices of the tokens in the market.</summary>
    public int TokenIn => tokenIn;

    public int TokenOut => tokenOut;

    /// <summary>Tender that is left.</summary>
    public double Tender { get; private set; } = tender;

    /// <summary>What that tender is to receive.</summary>
    public double Receive { get; private set; } = receive;

    /// <summary>B: what the first shares receive more than the average.</summary>
    public double Bend => Math.Max(0, Receive - endPrice * Tender);

    public bool IsOpen => Tender > dust && Receive > 0;

    /// <summary>What an amount receives, up to all that is left.</summary>
    public double Through(double amount) => amount >= Tender ? Receive : amount / Tender * (Receive + Bend * (1 - amount / Tender));

    /// <summary>The least amount that receives so much, up to all that is left.</summary>
    public double For(double received)
    {
        if (received >= Receive)
            return Tender;
        var bend = Bend;
        var slope = Receive + bend;
        return Tender * (2 * received / (slope + Math.Sqrt(Math.Max(0, slope * slope - 4 * bend * received))));
    }

    public void Use(double tender, double receive)
    {
        Tender -= tender;
        Receive -= receive;
    }

    public void Close() => Tender = 0;
}
