using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Solana;
using QTrade.Solana.Dumps;

namespace QTrade.Node.Solana;

/// <summary>The market that an account dump holds: every pool that can be quoted and has something in it.</summary>
internal sealed class DumpMarket
{
    private readonly SortedDictionary<PoolRefusal, int> _refusals = [];
    private readonly List<SolanaPool> _pools = [];

    private DumpMarket()
    {
    }

    /// <summary>The pools, in the order of their addresses.</summary>
    public IReadOnlyList<SolanaPool> Pools => _pools;

    /// <summary>How many accounts of programs with pools were refused as pools, by reason.</summary>
    public IReadOnlyDictionary<PoolRefusal, int> Refusals => _refusals;

    /// <summary>Pools with nothing to trade at any price.</summary>
    public int Empty { get; private set; }

    /// <summary>Reads the pools.</summary>
    public static DumpMarket Read(AccountDump dump, ChainClock clock)
    {
        var market = new DumpMarket();
        foreach (var address in dump.Addresses)
        {
            dump.TryGet(address, out var account);
            if (ProgramIds.VenueOf(account.Owner) == Venue.None)
                continue;
            var fault = SolanaPools.Assemble(account, dump, clock, out var pool, mintsMayBeUnknown: true);
            if (!fault.IsNone)
                market._refusals[fault.Refusal] = market._refusals.GetValueOrDefault(fault.Refusal) + 1;
            else if (IsEmpty(pool!.State.ToCurve()))
                market.Empty++;
            else
                market._pools.Add(pool);
        }

        market._pools.Sort((a, b) => string.CompareOrdinal(a.Address.ToString(), b.Address.ToString()));
        return market;
    }

    /// <summary>The market in base units.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="slot">Its slot, null where nobody told.</param>
    /// <param name="values">Value of one base unit by mint; 0 for any other.</param>
    public Market ToMarket(string name, string source, long? slot, IReadOnlyDictionary<Address, TokenValue> values)
    {
        var decimals = new SortedDictionary<string, (Address Mint, int? Decimals)>(StringComparer.Ordinal);
        foreach (var pool in _pools)
        {
            Note(pool.Mint0, pool.Decimals0);
            Note(pool.Mint1, pool.Decimals1);
        }

        return new Market
        {
            Name = name,
            Source = source,
            Slot = slot,
            Units = AmountUnit.Base,
            Tokens = [.. decimals.Select(entry => new Token
            {
                Id = new TokenId(entry.Key),
                Mint = entry.Key,
                Symbol = WellKnownMints.SymbolOf(entry.Value.Mint),
                Decimals = entry.Value.Decimals ?? WellKnownMints.DecimalsOf(entry.Value.Mint),
                Value = values.TryGetValue(entry.Value.Mint, out var value) ? value.Value : 0,
            })],
            Pools = [.. _pools.Select(pool => pool.ToPool())],
        };

        void Note(Address mint, int? told)
        {
            var key = mint.ToString();
            if (!decimals.TryGetValue(key, out var known) || known.Decimals is null)
                decimals[key] = (mint, told);
        }
    }

    private static bool IsEmpty(PoolCurve curve) => curve switch
    {
        ConcentratedCurve concentrated => concentrated.Liquidity.All(liquidity => liquidity == 0),
        BinsCurve bins => bins.Bins.All(bin => bin.X == 0 && bin.Y == 0),
        _ => curve.State.All(reserve => reserve == 0),
    };
}
