using System.Collections.Immutable;
using QTrade.Solana.Dumps;

namespace QTrade.Solana.Tests.Accounts;

/// <summary>A pool that a spec made by hand, with every account that it needs; its own is the first.</summary>
internal sealed record OwnPool(ImmutableArray<OwnAccount> Accounts)
{
    public static readonly ChainClock Clock = new(400_000_000, 1_800_000_000);

    public Address Address => Accounts[0].Address;

    public AccountDump Dump()
    {
        var dump = new AccountDump();
        foreach (var account in Accounts)
            dump.Set(account.Address, account.Owner, account.Data);
        return dump;
    }

    /// <summary>The pool as a node would assemble it: mints must be known.</summary>
    public PoolFault Assemble(out SolanaPool? pool, ChainClock? clock = null)
    {
        var dump = Dump();
        Assert.Equal(AccountPresence.Present, dump.TryGet(Address, out var own));
        return SolanaPools.Assemble(own, dump, clock ?? Clock, out pool);
    }

    /// <summary>The pool, and up to which clock the same accounts make it.</summary>
    public PoolFault Assemble(ChainClock clock, out SolanaPool? pool, out ChainClock until)
    {
        var dump = Dump();
        Assert.Equal(AccountPresence.Present, dump.TryGet(Address, out var own));
        return SolanaPools.Assemble(own, dump, clock, out pool, out until);
    }

    /// <summary>The pool, which is not refused.</summary>
    public SolanaPool Assembled(ChainClock? clock = null)
    {
        var fault = Assemble(out var pool, clock);
        Assert.True(fault.IsNone, fault.ToString());
        return pool!;
    }

    /// <summary>The same with another account in the place of one.</summary>
    public OwnPool With(int index, byte[] data, Address? owner = null) =>
        new(Accounts.SetItem(index, Accounts[index] with { Data = data, Owner = owner ?? Accounts[index].Owner }));
}
