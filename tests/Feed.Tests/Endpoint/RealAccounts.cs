using QTrade.Shared;
using QTrade.Solana;
using QTrade.Solana.Dumps;

namespace QTrade.Feed.Tests.Endpoint;

/// <summary>Accounts of the chain in the folder <c>shared</c>: of every venue of which it holds all that a pool needs.</summary>
public sealed class RealAccounts
{
    public const string DammV1 = "HcjZvfeSNJbNkfLD4eEcRBr96AD3w1GpmMppaeRZf7ur";
    public const string PumpSwap = "Gf7sXMoP8iRw4iiXmJ1nq4vxcRycbGXy5RL8a8LnTd3v";

    private static readonly string[] Folders =
    [
        "common", "raydium-amm-v4", "raydium-cpmm", "orca-whirlpool", "meteora-dlmm", "meteora-damm-v1", "meteora-damm-v2", "pumpswap",
    ];

    private readonly AccountDump[] _dumps =
        [.. Folders.Select(folder => AccountDump.Read(SharedFiles.At($"solana/fixtures/{folder}"), ProgramIds.OrcaWhirlpool))];

    public IEnumerable<(Address Address, ChainAccount Account)> Accounts =>
        _dumps.SelectMany(dump => dump.Addresses.Select(address => (address, AccountOf(dump, address))));

    /// <summary>A pool of them that depends on no time.</summary>
    public SolanaPool Assemble(string pool)
    {
        var address = Address.Parse(pool);
        var dump = _dumps.Single(dump => dump.Addresses.Contains(address));
        Assert.Equal(AccountPresence.Present, dump.TryGet(address, out var account));
        var fault = SolanaPools.Assemble(account, dump, new ChainClock(ChainClock.SlotNotTold, uint.MaxValue), out var assembled, mintsMayBeUnknown: true);
        Assert.True(fault.IsNone, fault.ToString());
        return assembled!;
    }

    private static ChainAccount AccountOf(AccountDump dump, Address address)
    {
        Assert.Equal(AccountPresence.Present, dump.TryGet(address, out var account));
        return new ChainAccount(account.Owner, account.Lamports, account.Data.ToArray());
    }
}
