namespace QTrade.Solana;

/// <summary>The accounts that somebody holds: a feed's newest bytes, or a dump.</summary>
public interface IAccountSource
{
    /// <summary>
    /// Looks an account up. An account that was asked for and does not exist on chain is <see cref="AccountPresence.Absent"/>; one that was
    /// never asked for is <see cref="AccountPresence.Unknown"/>. The bytes are read before the next call.
    /// </summary>
    AccountPresence TryGet(scoped in Address address, out AccountView account);
}
