using QTrade.Markets.Arithmetic;
using QTrade.Markets.Quotes;

namespace QTrade.Markets.Kinds;

/// <summary>
/// The intervals of a concentrated pool with liquidity, from its price in the direction of a trade. With s = sqrt(p) and g what goes in
/// after fees: selling token 0, s' = L s / (L + g s) and out = L (s - s'); selling token 1, s' = s + g / L and out = L (1/s - 1/s').
/// Roots lie in [s, s + 1 step]; each formula takes the end that is against the trader.
/// </summary>
internal ref struct IntervalWalk
{
    private const int Bits = SquareRoot.FractionBits;

    private static readonly UInt256 Unit = UInt256.PowerOfTwo(Bits);

    private readonly ConcentratedCurve _curve;
    private readonly ReadOnlySpan<UInt256> _roots;
    private readonly bool _selling;
    private int _next;
    private int _interval;
    private double _price;
    private UInt256 _liquidity;
    private UInt256 _root;
    private UInt256 _depth;

    public IntervalWalk(in Leg leg)
    {
        _curve = (ConcentratedCurve)leg.Pool.Curve;
        _roots = _curve.TickRoots;
        _selling = leg.TokenIn == 0;
        _next = First(_curve, _selling);
        _price = _curve.Price;
    }

    /// <summary>The least that takes the price through the rest of the present interval.</summary>
    public UInt256 InForAll { get; private set; }

    /// <summary>The most that comes out on that way.</summary>
    public UInt256 OutForAll { get; private set; }

    /// <summary>Index of the first interval in the direction of a trade, without regard to its liquidity; outside of all where there is none.</summary>
    public static int First(ConcentratedCurve curve, bool selling)
    {
        var at = curve.Ticks.AsSpan().BinarySearch(curve.Price);
        var intervals = curve.Liquidity.Length;
        if (at >= 0)
            return selling ? at - 1 : at;
        var above = ~at;
        return selling ? Math.Min(above - 1, intervals - 1) : Math.Max(above - 1, 0);
    }

    /// <summary>Goes to the next interval with liquidity.</summary>
    public bool MoveNext()
    {
        var liquidity = _curve.Liquidity;
        while (_next >= 0 && _next < liquidity.Length && liquidity[_next] == 0)
            _next += _selling ? -1 : 1;
        if (_next < 0 || _next >= liquidity.Length)
            return false;
        _interval = _next;
        _next += _selling ? -1 : 1;
        _liquidity = FixedAmount.From(liquidity[_interval]);
        Enter(_selling ? _interval + 1 : _interval);
        if (_selling)
            MeasureDown();
        else
            MeasureUp();
        return true;
    }

    /// <summary>The most that comes out for so much, which does not cross the interval.</summary>
    public readonly UInt256 OutFor(in UInt256 effective)
    {
        if (_selling)
        {
            var shift = UInt256.MulShiftDown(effective, _root, Bits);
            return UInt256.Min(UInt256.MulDivDown(_depth, shift, _liquidity + shift), OutForAll);
        }

        var share = UInt256.MulDivDown(effective, _liquidity, _depth + effective);
        return UInt256.Min(UInt256.MulDivDown(share, Unit, _root + UInt256.One), OutForAll);
    }

    /// <summary>The least for which so much comes out of this interval.</summary>
    public readonly UInt256 InFor(in UInt256 gross)
    {
        if (_selling)
        {
            if (gross >= _depth)
                return InForAll;
            var shift = UInt256.MulDivUp(gross, _liquidity, _depth - gross);
            return UInt256.Min(UInt256.MulDivUp(shift, Unit, _root), InForAll);
        }

        var share = UInt256.MulShiftUp(gross, _root + UInt256.One, Bits);
        return share >= _liquidity ? InForAll : UInt256.Min(UInt256.MulDivUp(share, _depth, _liquidity - share), InForAll);
    }

    /// <summary>Takes the price to the end of the present interval.</summary>
    public void Cross() => _price = _curve.Ticks[_selling ? _interval : _interval + 1];

    /// <summary>
    /// Takes the price to where so much leaves it; a price that is no double is rounded in the trade's direction, so that two trades
    /// fetch no more than one of both.
    /// </summary>
    public void Stop(in UInt256 effective)
    {
        if (effective.IsZero)
            return;
        if (_selling)
        {
            var shift = UInt256.MulShiftDown(effective, _root, Bits);
            var root = UInt256.MulDivDown(_liquidity, _root, _liquidity + shift);
            _price = Math.Clamp(SquareRoot.ToPrice(root, up: false), _curve.Ticks[_interval], _price);
        }
        else
        {
            var root = _root + UInt256.One + UInt256.MulDivUp(effective, Unit, _liquidity);
            _price = Math.Clamp(SquareRoot.ToPrice(root, up: true), _price, _curve.Ticks[_interval + 1]);
        }
    }

    /// <summary>The curve after the trades.</summary>
    public readonly PoolCurve After() => _price.Equals(_curve.Price) ? _curve : _curve with { Price = _price };

    /// <summary>Puts the price at the near end of the interval unless it lies inside.</summary>
    private void Enter(int nearTick)
    {
        var near = _curve.Ticks[nearTick];
        var inside = _selling ? _price < near : _price > near;
        if (!inside)
            _price = near;
        _root = inside ? SquareRoot.OfDown(_price) : _roots[nearTick];
    }

    private void MeasureDown()
    {
        var low = _roots[_interval];
        OutForAll = UInt256.MulShiftDown(_liquidity, UInt256.SubtractOrZero(_root, low + UInt256.One), Bits);
        InForAll = UInt256.MulDivUp(UInt256.MulDivUp(_liquidity, _root + UInt256.One - low, low), Unit, _root);
        _depth = UInt256.MulShiftDown(_liquidity, _root, Bits);
    }

    private void MeasureUp()
    {
        var high = _roots[_interval + 1];
        var rootUp = _root + UInt256.One;
        InForAll = UInt256.MulShiftUp(_liquidity, high + UInt256.One - _root, Bits);
        var share = UInt256.MulDivDown(_liquidity, UInt256.SubtractOrZero(high, rootUp), high + UInt256.One);
        OutForAll = UInt256.MulDivDown(share, Unit, rootUp);
        _depth = UInt256.MulShiftUp(_liquidity, rootUp, Bits);
    }
}
