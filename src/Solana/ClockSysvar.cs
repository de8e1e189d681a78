namespace QTrade.Solana;

/// <summary>The account that holds the chain's time (40 bytes).</summary>
public static class ClockSysvar
{
    private const int Size = 40;
    private const int UnixTimeAt = 32;

    private static readonly Address Owner = Address.Parse("Sysvar1111111111111111111111111111111111111");

    /// <summary>Reads the clock; false where it is not there or is no clock.</summary>
    public static bool TryRead(IAccountSource accounts, out ChainClock clock)
    {
        clock = default;
        var address = ProgramIds.ClockSysvar;
        if (accounts.TryGet(address, out var account) != AccountPresence.Present || account.Owner != Owner || account.Data.Length < Size)
            return false;
        clock = new ChainClock(Field.U64(account.Data, 0), Field.I64(account.Data, UnixTimeAt));
        return true;
    }
}
