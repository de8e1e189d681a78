namespace QTrade.Trading.Planning;

/// <summary>What is left to route of one pool's trade from one token to another.</summary>
internal sealed class PoolFlow(int index, int pool, int slotIn, int slotOut, int tokenIn, int tokenOut, double tender, double receive)
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

    public bool IsOpen => Tender > dust && Receive > 0;

    /// <summary>What an amount receives at the average rate of what is left, up to all of it.</summary>
    public double Through(double amount) => amount >= Tender ? Receive : Receive * (amount / Tender);

    public void Use(double tender, double receive)
    {
        Tender -= tender;
        Receive -= receive;
    }

    public void Close() => Tender = 0;
}
