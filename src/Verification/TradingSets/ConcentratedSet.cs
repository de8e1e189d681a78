using QTrade.Verification.Arithmetic;

namespace QTrade.Verification.TradingSets;

/// <summary>
/// Concentrated liquidity: inside an interval of constant L, x = L (1/sqrt p - 1/sqrt hi) and y = L (sqrt p - sqrt lo). Selling token 0
/// walks the price down, selling token 1 walks it up; the marginal output is p, or 1/p.
/// </summary>
internal sealed class ConcentratedSet : WalkSet
{
    private readonly double price;
    private readonly double[] ticks;
    private readonly double[] liquidity;
    private readonly Real?[] roots;
    private readonly Lazy<Real> rootPrice;

    public ConcentratedSet(TradingTerms terms, double price, ReadOnlySpan<double> ticks, ReadOnlySpan<double> liquidity)
        : base(terms)
    {
        this.price = price;
        this.ticks = ticks.ToArray();
        this.liquidity = liquidity.ToArray();
        roots = new Real?[ticks.Length];
        rootPrice = new(() => RealFunctions.Sqrt(price));
    }

    protected override Real BestGamma(int token) => Terms.Gamma(token);

    public override Real Arbitrage(ReadOnlySpan<Real> prices) => OneWay.BestOf(Terms, prices, Best);

    protected override Real MostReceived(int tokenIn, Real tender)
    {
        Real left = tender * Terms.Gamma(tokenIn), output = Real.Zero;
        foreach (Piece piece in Ahead(tokenIn))
        {
            Real capacity = piece.Input(piece.End);
            if (left <= capacity)
                return (output + piece.Output(piece.AfterInput(left))) * Terms.OutFactor(1 - tokenIn);
            left -= capacity;
            output += piece.Output(piece.End);
        }
        return output * Terms.OutFactor(1 - tokenIn);
    }

    protected override Real Holding(int token)
    {
        Real holding = Real.Zero;
        foreach (Piece piece in Ahead(1 - token))
            holding += piece.Output(piece.End);
        return holding;
    }

    private Real Best(OneWay trade)
    {
        Real? left = trade.Bound;
        Real value = Real.Zero;
        foreach (Piece piece in Ahead(trade.TokenIn))
        {
            Real end = piece.StopAt(trade);
            Real input = piece.Input(end);
            if (left is { } bound && input >= bound)
                return value + trade.Value(bound, piece.Output(piece.AfterInput(bound)));
            value += trade.Value(input, piece.Output(end));
            left -= input;
            if (end != piece.End)
                break;
        }
        return Real.Max(Real.Zero, value);
    }

    /// <summary>The stretches of liquidity that selling the token walks through, nearest first, from where the price is.</summary>
    private IEnumerable<Piece> Ahead(int tokenIn) => tokenIn == 0 ? Below() : Above();

    private IEnumerable<Piece> Below()
    {
        int i = Array.BinarySearch(ticks, price);
        // The last interval whose lower end is below the price.
        for (i = i >= 0 ? i - 1 : ~i - 1; i >= 0; i--)
        {
            if (i >= liquidity.Length || liquidity[i] == 0)
                continue;
            Real top = ticks[i + 1] <= price ? Root(i + 1) : rootPrice.Value;
            yield return new Piece(true, liquidity[i], top, Root(i), Math.Min(ticks[i + 1], price), ticks[i]);
        }
    }

    private IEnumerable<Piece> Above()
    {
        int i = Array.BinarySearch(ticks, price);
        // The first interval whose upper end is above the price.
        for (i = Math.Max(0, i >= 0 ? i : ~i - 1); i < liquidity.Length; i++)
        {
            if (liquidity[i] == 0)
                continue;
            Real bottom = ticks[i] >= price ? Root(i) : rootPrice.Value;
            yield return new Piece(false, liquidity[i], bottom, Root(i + 1), Math.Max(ticks[i], price), ticks[i + 1]);
        }
    }

    private Real Root(int tick) => roots[tick] ??= RealFunctions.Sqrt(ticks[tick]);

    /// <summary>One stretch of constant liquidity from square-root price Start to End, walked downward or upward.</summary>
    private readonly record struct Piece(bool Down, Real Liquidity, Real Start, Real End, double StartPrice, double EndPrice)
    {
        public Real Input(Real root) => Down ? Liquidity * (Start - root) / (root * Start) : Liquidity * (root - Start);

        public Real Output(Real root) => Down ? Liquidity * (Start - root) : Liquidity * (root - Start) / (root * Start);

        public Real AfterInput(Real input) => Down ? Liquidity * Start / (Liquidity + input * Start) : Start + input / Liquidity;

        /// <summary>The square-root price at which trading on stops to gain, within this piece.</summary>
        public Real StopAt(OneWay trade)
        {
            if (Gain(trade, StartPrice).Sign <= 0)
                return Start;
            if (Gain(trade, EndPrice).Sign >= 0)
                return End;
            return RealFunctions.Sqrt(Down ? trade.PriceIn / trade.ValueOut : trade.ValueOut / trade.PriceIn);
        }

        private Real Gain(OneWay trade, double price) =>
            Down ? trade.ValueOut * price - trade.PriceIn : trade.ValueOut - trade.PriceIn * price;
    }
}
