using QTrade.Markets.Venues;
using QTrade.Solana;
using QTrade.Solana.Feed;

namespace QTrade.Feed.Tests.Endpoint;

/// <summary>
/// The specs' own venue, whose pools open at a second and whose fees of transfers follow the chain's hour for one token, and for the other the first byte of its mint.
/// </summary>
public sealed class TimedVenue : IPoolAssembly
{
    public const long Hour = 3_600;

    private readonly PairVenue _pairs = new();

    /// <summary>The second from which on pools trade.</summary>
    public long Opening { get; init; }

    /// <summary>How often a pool was assembled.</summary>
    public int Assembled { get; private set; }

    public PoolFault Plan(in AccountView pool, IAccountSource known, out PoolPlan? plan) => _pairs.Plan(pool, known, out plan);

    public PoolFault Assemble(in AccountView pool, IAccountSource others, ChainClock clock, out SolanaPool? assembled, out ChainClock until)
    {
        Assembled++;
        var fault = _pairs.Assemble(pool, others, clock, out assembled, out until);
        until = ChainClock.Never with { UnixTime = clock.UnixTime < Opening ? Opening : ((clock.UnixTime / Hour) + 1) * Hour };
        if (!fault.IsNone || assembled is null)
            return fault;
        if (clock.UnixTime < Opening)
        {
            assembled = null;
            return new PoolFault(PoolRefusal.Disabled, pool.Address);
        }

        var fee0 = others.TryGet(assembled.Mint0, out var mint) == AccountPresence.Present ? mint.Data[0] : (byte)0;
        assembled = assembled with
        {
            State = assembled.State with { TransferFee0 = new TransferFee(fee0, 1), TransferFee1 = new TransferFee((ushort)(clock.UnixTime / Hour % 100), 1) },
        };
        return default;
    }
}
