using System.Collections.Immutable;
using QTrade.Markets.Arithmetic;
using QTrade.Markets.Quotes;

namespace QTrade.Markets.Kinds;

/// <summary>
/// The bins of a pool that hold the token that comes out, best price after the bin's fee first. With one fee for all that is the order of
/// prices from the active bin; with fees of their own it is the order in which the sum of the bins' trades is largest.
/// </summary>
internal ref struct BinWalk
{
    private readonly Pool _pool;
    private readonly double _tokenFee;
    private readonly ImmutableArray<Bin> _bins;
    private readonly bool _selling;
    private Bin[]? _after;
    private int _index;
    private ExactDouble _price;

    public BinWalk(in Leg leg)
    {
        _pool = leg.Pool;
        _bins = ((BinsCurve)leg.Pool.Curve).Bins;
        _selling = leg.TokenIn == 0;
        _tokenFee = leg.TokenFee;
        _index = -1;
    }

    /// <summary>What the present bin holds of the token that comes out.</summary>
    public UInt256 Available { get; private set; }

    /// <summary>The present bin's fee factor.</summary>
    public FeeFactor Fee { get; private set; }

    /// <summary>What empties the present bin, after its fee.</summary>
    public UInt256 EffectiveForAll { get; private set; }

    /// <summary>What empties the present bin, with its fee.</summary>
    public UInt256 TenderForAll { get; private set; }

    /// <summary>What the next small tender fetches per unit before the fee on what comes out and that of its own token.</summary>
    public static double BestPrice(in Leg leg, BinsCurve curve)
    {
        var selling = leg.TokenIn == 0;
        var best = Next(leg.Pool, curve.Bins, selling, -1);
        return best < 0 ? 0 : Price(leg.Pool, curve.Bins[best], selling);
    }

    /// <summary>Goes to the next bin that holds something.</summary>
    public bool MoveNext()
    {
        _index = Next(_pool, _bins, _selling, _index);
        if (_index < 0)
            return false;
        var bin = _bins[_index];
        _price = new ExactDouble(bin.Price);
        Fee = new FeeFactor(bin.Fee ?? _pool.Fee, _tokenFee);
        Available = FixedAmount.From(_selling ? bin.Y : bin.X);
        EffectiveForAll = InFor(Available);
        TenderForAll = Fee.GrossUp(EffectiveForAll);
        return true;
    }

    /// <summary>The most that comes out of the present bin for so much after its fee, were it large enough.</summary>
    public readonly UInt256 OutFor(in UInt256 effective) => _selling ? _price.TimesDown(effective) : _price.IntoDown(effective);

    /// <summary>The least after the present bin's fee for which so much comes out.</summary>
    public readonly UInt256 InFor(in UInt256 gross) => _selling ? _price.IntoUp(gross) : _price.TimesUp(gross);

    /// <summary>Empties the present bin.</summary>
    public void TakeAll() => Take(EffectiveForAll, Available);

    /// <summary>Trades in the present bin; what its doubles cannot hold is rounded up.</summary>
    public void Take(in UInt256 effective, in UInt256 gross)
    {
        _after ??= [.. _bins];
        var bin = _bins[_index];
        var rest = FixedAmount.ToDoubleUp(Available - gross);
        var grown = FixedAmount.ToDoubleUp(FixedAmount.From(_selling ? bin.X : bin.Y) + effective);
        _after[_index] = _selling ? bin with { X = grown, Y = rest } : bin with { X = rest, Y = grown };
    }

    /// <summary>The curve after the trades.</summary>
    public readonly PoolCurve After() => _after is null
        ? _pool.Curve
        : new BinsCurve(System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(_after));

    /// <summary>Index of the bin after another in the walk's order, from -1; -1 where there is none.</summary>
    private static int Next(Pool pool, ImmutableArray<Bin> bins, bool selling, int last)
    {
        var best = -1;
        for (var i = 0; i < bins.Length; i++)
        {
            if ((selling ? bins[i].Y : bins[i].X) == 0 || (last >= 0 && !Before(pool, bins, selling, last, i)))
                continue;
            if (best < 0 || Before(pool, bins, selling, i, best))
                best = i;
        }

        return best;
    }

    private static bool Before(Pool pool, ImmutableArray<Bin> bins, bool selling, int left, int right)
    {
        var difference = Price(pool, bins[left], selling) - Price(pool, bins[right], selling);
        return difference > 0 || (difference == 0 && left < right);
    }

    // The token's own fee is the same in every bin and changes no order.
    private static double Price(Pool pool, in Bin bin, bool selling)
    {
        var gamma = 1 - (bin.Fee ?? pool.Fee);
        return selling ? gamma * bin.Price : gamma / bin.Price;
    }
}
