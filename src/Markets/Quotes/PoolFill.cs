using QTrade.Markets.Arithmetic;

namespace QTrade.Markets.Quotes;

/// <summary>What a kind of pool computes for one leg, in fixed amounts (<see cref="FixedAmount"/>).</summary>
public struct PoolFill
{
    /// <summary>Exact in: the most that comes out, after its fee, rounded down. Exact out: the least that goes in, with its fee, rounded up.</summary>
    public UInt256 Amount { get; set; }

    /// <summary>The part of what goes in that is fee.</summary>
    public UInt256 Fee { get; set; }

    /// <summary>The curve after the leg; null where its state are the reserves, R + Delta - Lambda.</summary>
    public PoolCurve? After { get; set; }
}
