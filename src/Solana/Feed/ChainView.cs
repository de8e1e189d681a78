using System.Collections.Immutable;

namespace QTrade.Solana.Feed;

/// <summary>
/// The accounts that pools are made of, as of one slot. Updates come in any order, several times or not at all; each is the account's whole
/// state at a position, and a newer one replaces an older one. The view shows slot S once it has seen slot S + <see cref="Settling"/>:
/// until then updates of S may still be on their way, so they wait. A pool is complete while each of its accounts was read since the
/// connection began and is shown at least as new as that read. Notifications of one account in one slot follow one another as they arrive: a
/// subscription tells writes in their order, on one connection, and what was lost between two of them no position could tell. A read
/// never replaces a notification of its slot, since it may have been made before it. Pure: no clock, no input or output. Owned by one caller.
/// </summary>
public sealed partial class ChainView
{
    /// <summary>Slots that must be seen after a slot before it is shown.</summary>
    public const ulong Settling = 2;

    /// <summary>Most slots of one account that wait; more replace the oldest.</summary>
    public const int WaitingMax = 8;

    /// <summary>A slot further ahead than this, about an hour, is refused while connected.</summary>
    public const ulong AheadMax = 10_000;

    /// <summary>Slots in a row without a block that a chain may have; a longer jump of the clock means lost notifications.</summary>
    public const ulong SkippedMax = 16;

    private readonly IPoolAssembly _assembly;
    private readonly int _poolsMax;
    private readonly Dictionary<Address, Account> _accounts = [];
    private readonly Dictionary<Address, Pool> _pools = [];
    private readonly List<Account> _waiting = [];
    private readonly List<Pool> _dirty = [];
    private readonly List<WantedAccount> _wanted = [];
    private readonly List<Address> _unwanted = [];
    private readonly Shown _shown;
    private readonly Account _clockAccount;
    private long _updates, _repeated, _older, _late, _ahead, _unasked, _conflated, _healed, _gaps, _poolsLeftOut;
    private int _unread, _complete, _refused;
    private ulong _horizon;
    private ulong _clockTold;
    private bool _someLate;
    private bool _connected;

    /// <param name="assembly">Makes pools of accounts.</param>
    /// <param name="poolsMax">Most pools to follow.</param>
    /// <param name="refusals">Counts pools that are refused; null for the view's own.</param>
    public ChainView(IPoolAssembly assembly, int poolsMax, PoolRefusals? refusals = null)
    {
        _assembly = assembly;
        Refusals = refusals ?? new PoolRefusals();
        Refusals.Begin();
        _poolsMax = poolsMax;
        _shown = new Shown(_accounts);
        _clockAccount = Need(ProgramIds.ClockSysvar, subscribe: true);
    }

    /// <summary>Newest slot of any update; 0 before the first.</summary>
    public ulong Seen { get; private set; }

    /// <summary>The chain's time as shown.</summary>
    public ChainClock Clock { get; private set; }

    /// <summary>Pools that are refused, by reason.</summary>
    public PoolRefusals Refusals { get; }

    /// <summary>What happened and how things stand.</summary>
    public ChainViewCounts Counts => new(
        _updates, _repeated, _older, _late, _ahead, _unasked, _conflated, _healed, _gaps, _poolsLeftOut, _accounts.Count, _unread, _pools.Count, _complete, _refused);

    /// <summary>Accounts that are needed, each to be read and, but for mints, subscribed to.</summary>
    public IEnumerable<WantedAccount> Needed => _accounts.Values.Select(account => new WantedAccount(account.Address, account.Subscribe));

    /// <summary>Whether an account is needed.</summary>
    public bool Needs(Address address) => _accounts.ContainsKey(address);

    /// <summary>Follows a pool from now on; false where it is followed already or there are too many.</summary>
    public bool Follow(Address address)
    {
        if (_pools.ContainsKey(address))
            return false;
        if (_pools.Count == _poolsMax)
        {
            _poolsLeftOut++;
            return false;
        }

        var pool = new Pool(address, Need(address, subscribe: true));
        _pools.Add(address, pool);
        Use(pool.Own, pool);
        return true;
    }

    /// <summary>Takes an update.</summary>
    /// <returns>Whether it changed anything.</returns>
    public bool Take(AccountUpdate update)
    {
        if (!_accounts.TryGetValue(update.Address, out var account))
        {
            _unasked++;
            return false;
        }

        if (_connected && update.At.Slot > Seen && update.At.Slot - Seen > AheadMax)
        {
            _ahead++;
            return false;
        }

        _updates++;
        if (update.At.WriteVersion == AccountPosition.Read)
            NoteRead(account, update);
        else if (ReferenceEquals(account, _clockAccount))
            NoteClock(update.At.Slot);
        Seen = Math.Max(Seen, update.At.Slot);
        return Keep(account, update);
    }

    /// <summary>
    /// The connection was lost: nothing is trusted until it was read again. What is held stays, so that a read of a node that is behind
    /// replaces nothing.
    /// </summary>
    public void Lose()
    {
        _connected = false;
        _clockTold = 0;
        foreach (var account in _accounts.Values)
            (account.IsRead, account.NotBefore) = (false, 0);
        _unread = _accounts.Count;
        foreach (var pool in _pools.Values)
            Mark(pool);
        _wanted.Clear();
        _unwanted.Clear();
    }

    /// <summary>
    /// What an account has come to is not known, or is told only from now on: it is not trusted until it was read as of a slot or later.
    /// </summary>
    public void Doubt(Address address, ulong notBefore)
    {
        if (!_accounts.TryGetValue(address, out var account))
            return;
        account.NotBefore = Math.Max(account.NotBefore, notBefore);
        if (!account.IsRead)
            return;
        account.IsRead = false;
        _unread++;
        foreach (var pool in account.Users)
            Mark(pool);
    }

    /// <summary>The slot before which no read of an account counts; 0 for none.</summary>
    public ulong NotBefore(Address address) => _accounts.TryGetValue(address, out var account) ? account.NotBefore : 0;

    /// <summary>Accounts that became needed since the last call.</summary>
    public ImmutableArray<WantedAccount> TakeWanted()
    {
        ImmutableArray<WantedAccount> wanted = [.. _wanted];
        _wanted.Clear();
        return wanted;
    }

    /// <summary>Accounts that are no longer needed since the last call.</summary>
    public ImmutableArray<Address> TakeUnwanted()
    {
        ImmutableArray<Address> unwanted = [.. _unwanted];
        _unwanted.Clear();
        return unwanted;
    }

    /// <summary>Shows what the slots seen allow, and tells which pools it changed.</summary>
    /// <param name="changes">The changes are added here.</param>
    public void Settle(ICollection<PoolChange> changes)
    {
        if (Seen < Settling)
            return;
        var horizon = Seen - Settling;
        if (horizon > _horizon || _someLate)
            Show(horizon);

        // Planning may show that a pool needs others; it is looked at again once they are shown.
        for (var i = 0; i < _dirty.Count; i++)
        {
            _dirty[i].IsDirty = false;
            Refresh(_dirty[i], changes);
        }

        _dirty.Clear();
    }

    /// <summary>The newest update of an account, shown or waiting; null where there is none.</summary>
    public AccountUpdate? NewestOf(Address address) => _accounts.TryGetValue(address, out var account) ? account.Newest : null;

    private void Show(ulong horizon)
    {
        _horizon = horizon;
        _someLate = false;
        var kept = 0;
        for (var i = 0; i < _waiting.Count; i++)
        {
            var account = _waiting[i];
            if (account.Show(horizon))
                Showed(account);
            account.IsWaiting = account.Waiting.Count > 0;
            if (account.IsWaiting)
                _waiting[kept++] = account;
        }

        _waiting.RemoveRange(kept, _waiting.Count - kept);
    }

    private sealed class Shown(Dictionary<Address, Account> accounts) : IAccountSource
    {
        public AccountPresence TryGet(scoped in Address address, out AccountView account)
        {
            account = default;
            if (!accounts.TryGetValue(address, out var held) || held.Settled is not { } shown)
                return AccountPresence.Unknown;
            if (!shown.Exists)
                return AccountPresence.Absent;
            account = shown.View;
            return AccountPresence.Present;
        }
    }
}
