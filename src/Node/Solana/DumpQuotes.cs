using System.Globalization;
using QTrade.Markets.Venues;
using QTrade.Solana;
using QTrade.Solana.Dumps;

namespace QTrade.Node.Solana;

/// <summary>Quotes on the pools of a dump. Pools are assembled once for a clock.</summary>
/// <param name="dump">The accounts.</param>
/// <param name="clockOf">The clock for a request's slot and time, either of which may be missing.</param>
internal sealed class DumpQuotes(AccountDump dump, Func<ulong?, long?, ChainClock> clockOf)
{
    // A batch may name every pool at many clocks; past this the oldest are assembled again.
    private const int AssembledMax = 10_000;

    private readonly Dictionary<(Address Pool, ChainClock Clock), (PoolFault Fault, SolanaPool? Pool)> _assembled = [];

    /// <summary>Answers one request.</summary>
    public QuoteAnswer Answer(QuoteRequest request)
    {
        if (!Address.TryParse(request.Pool, out var address))
            return QuoteAnswer.Bad($"pool is '{request.Pool}': the pool's address is needed");
        if (!Address.TryParse(request.From, out var from))
            return QuoteAnswer.Bad($"from is '{request.From}': the mint of the token that goes in is needed");
        if (request.ExactIn is null == request.ExactOut is null)
            return QuoteAnswer.Bad("either an exact amount in or an exact amount out is needed");
        var text = request.ExactIn ?? request.ExactOut;
        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var amount))
            return QuoteAnswer.Bad($"the amount is '{text}': a whole number of base units is needed, up to 2^64 - 1");
        var (fault, pool) = Assemble(address, clockOf(request.Slot, request.UnixTime));
        if (!fault.IsNone)
            return QuoteAnswer.Refused(request.Pool!, fault);
        if (from != pool!.Mint0 && from != pool.Mint1)
            return QuoteAnswer.Bad($"pool {request.Pool} trades {pool.Mint0} and {pool.Mint1}, not '{request.From}'");
        var zeroForOne = from == pool.Mint0;
        var refusal = request.ExactIn is not null
            ? pool.State.ExactIn(zeroForOne, amount, out VenueFill fill)
            : pool.State.ExactOut(zeroForOne, amount, out fill);
        return refusal == VenueRefusal.None ? QuoteAnswer.Filled(pool, fill) : QuoteAnswer.Refused(request.Pool!, refusal);
    }

    private (PoolFault Fault, SolanaPool? Pool) Assemble(in Address address, ChainClock clock)
    {
        if (_assembled.TryGetValue((address, clock), out var known))
            return known;
        if (dump.TryGet(address, out var account) != AccountPresence.Present)
            return (new PoolFault(PoolRefusal.MissingAccount, address, "the dump does not hold the pool"), null);
        var fault = SolanaPools.Assemble(account, dump, clock, out var pool, mintsMayBeUnknown: true);
        if (_assembled.Count >= AssembledMax)
            _assembled.Clear();
        _assembled[(address, clock)] = (fault, pool);
        return (fault, pool);
    }
}
