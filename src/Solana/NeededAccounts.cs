using System.Collections.Immutable;

namespace QTrade.Solana;

/// <summary>Lists the accounts of a plan.</summary>
internal sealed class NeededAccounts
{
    private readonly ImmutableArray<NeededAccount>.Builder _accounts = ImmutableArray.CreateBuilder<NeededAccount>();

    public NeededAccounts Add(in Address address, AccountRole role, bool mayBeAbsent = false)
    {
        _accounts.Add(new NeededAccount(address, role, mayBeAbsent));
        return this;
    }

    public PoolPlan Plan(in PoolAssembly assembly, Venue venue, bool isComplete = true) =>
        new(assembly.Pool.Address, venue, _accounts.ToImmutable(), isComplete);
}
