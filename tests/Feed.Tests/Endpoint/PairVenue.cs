using System.Buffers.Binary;
using QTrade.Solana;
using QTrade.Solana.Feed;

namespace QTrade.Feed.Tests.Endpoint;

/// <summary>A venue of the specs' own: a pool account names two vaults and two mints, a vault holds a number.</summary>
public sealed class PairVenue : IPoolAssembly
{
    public static Address Program { get; } = AddressOf(900_000);

    public static Address AddressOf(int number)
    {
        Span<byte> bytes = stackalloc byte[Address.Size];
        bytes.Clear();
        bytes[0] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], number);
        return new Address(bytes);
    }

    public static Address Pool(int number) => AddressOf(number);

    public static Address Vault(int pool, int side) => AddressOf(100_000 + (2 * pool) + side);

    public static Address Mint(int number) => AddressOf(500_000 + number);

    public static ChainAccount PoolAccount(int number)
    {
        var data = new byte[4 * Address.Size];
        Vault(number, 0).WriteTo(data);
        Vault(number, 1).WriteTo(data.AsSpan(32));
        Mint(0).WriteTo(data.AsSpan(64));
        Mint(1).WriteTo(data.AsSpan(96));
        return new ChainAccount(Program, 1, data);
    }

    public static ChainAccount VaultAccount(ulong amount)
    {
        var data = new byte[165];
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(64), amount);
        return new ChainAccount(ProgramIds.Token, 1, data);
    }

    /// <summary>A pool with its accounts.</summary>
    public static (Address, ChainAccount)[] Accounts(int number, ulong x, ulong y) =>
    [
        (Pool(number), PoolAccount(number)), (Vault(number, 0), VaultAccount(x)), (Vault(number, 1), VaultAccount(y)),
        (Mint(0), new ChainAccount(ProgramIds.Token, 1, new byte[82])), (Mint(1), new ChainAccount(ProgramIds.Token, 1, new byte[82])),
    ];

    public PoolFault Plan(in AccountView pool, IAccountSource known, out PoolPlan? plan)
    {
        plan = null;
        if (pool.Owner != Program)
            return new PoolFault(PoolRefusal.UnknownOwner, pool.Address);
        if (pool.Data.Length != 4 * Address.Size)
            return new PoolFault(PoolRefusal.Truncated, pool.Address);
        plan = new PoolPlan(
            pool.Address,
            Venue.TokenSwap,
            [
                new NeededAccount(new Address(pool.Data), AccountRole.Vault, false), new NeededAccount(new Address(pool.Data[32..]), AccountRole.Vault, false),
                new NeededAccount(new Address(pool.Data[64..]), AccountRole.Mint, false), new NeededAccount(new Address(pool.Data[96..]), AccountRole.Mint, false),
            ],
            IsComplete: true);
        return default;
    }

    public PoolFault Assemble(in AccountView pool, IAccountSource others, ChainClock clock, out SolanaPool? assembled, out ChainClock until)
    {
        assembled = null;
        until = ChainClock.Never;
        if (!TryAmount(others, new Address(pool.Data), out var x) || !TryAmount(others, new Address(pool.Data[32..]), out var y))
            return new PoolFault(PoolRefusal.MissingAccount, pool.Address);
        assembled = new SolanaPool
        {
            Address = pool.Address,
            Venue = Venue.TokenSwap,
            Mint0 = new Address(pool.Data[64..]),
            Mint1 = new Address(pool.Data[96..]),
            Decimals0 = 6,
            Decimals1 = 9,
            State = new PairState(x, y),
            Clock = clock,
        };
        return default;
    }

    private static bool TryAmount(IAccountSource accounts, Address address, out ulong amount)
    {
        var found = accounts.TryGet(address, out var account) == AccountPresence.Present && account.Owner == ProgramIds.Token && account.Data.Length == 165;
        amount = found ? BinaryPrimitives.ReadUInt64LittleEndian(account.Data[64..]) : 0;
        return found;
    }
}
