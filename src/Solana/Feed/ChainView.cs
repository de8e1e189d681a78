using System.Buffers.Binary;
using System.Collections.Immutable;
using QTrade.Markets.Venues;

namespace QTrade.Solana.Feed;

/// <summary>
/// The accounts that pools are made of, as of one slot. Updates come in any order, several times or not at all; each is the account's whole
/// state at a position, and a newer one replaces an older one. The view shows slot S once it has seen slot S + <see cref="Settling"/>:
/// until then updates of S may still be on their way, so they wait. A pool is complete while each of its accounts was read since the
/// connection began and is shown at least as new as that read. Notifications of one account in one slot follow one another as they arrive: a
/// subscription tells writes in their order, on one connection, and what was lost between two of them no position could tell. A read
/// never replaces a notification of its slot, since it may have been made before it. Pure: no clock, no input or output. Owned by one caller.
/// </summary>
public sealed class ChainView
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

    private void NoteRead(Account account, AccountUpdate update)
    {
        // A node that is behind what was held when the connection was lost has not told the account anew.
        if (account.IsRead || update.At.Slot < account.NotBefore || (account.Newest is { } held && held.At.Slot > update.At.Slot && !account.Heard))
            return;
        account.IsRead = true;
        account.ReadAt = update.At.Slot;
        _unread--;
        _connected = true;
        foreach (var pool in account.Users)
            Mark(pool);
    }

    // Only what the connection told of the clock before says whether it left something out: reads go on while it stands still.
    private void NoteClock(ulong slot)
    {
        if (_clockTold > 0 && slot > _clockTold && slot - _clockTold > SkippedMax)
            _gaps++;
        _clockTold = Math.Max(_clockTold, slot);
    }

    private bool Keep(Account account, AccountUpdate update)
    {
        if (account.HeldAt(update.At.Slot) is { } held)
        {
            // An endpoint that tells every write tells several of one slot, in the order in which they happened.
            var follows = update.At.WriteVersion == AccountPosition.Notification && held.At.WriteVersion >= AccountPosition.Notification;
            if (follows ? held.SameState(update) : held.At == update.At)
            {
                _repeated++;
                return false;
            }

            if (follows)
                update = update.Behind(held.At);
        }

        if (account.Settled is { } settled && settled.At >= update.At)
        {
            _older++;
            return false;
        }

        if (update.At.WriteVersion == AccountPosition.Read && account.Newest is { } before && before.At < update.At && !before.SameState(update))
            _healed++;
        if (Seen >= Settling && update.At.Slot <= Seen - Settling && account.Settled is not null)
            _late++;
        if (!account.Insert(update))
        {
            _older++;
            return false;
        }

        if (account.Waiting.Count > WaitingMax)
        {
            account.Waiting.RemoveAt(0);
            _conflated++;
        }

        _someLate |= update.At.Slot <= _horizon;
        if (!account.IsWaiting)
        {
            account.IsWaiting = true;
            _waiting.Add(account);
        }

        return true;
    }

    private void Showed(Account account)
    {
        if (ReferenceEquals(account, _clockAccount))
            ReadClock(account.Settled!);
        foreach (var pool in account.Users)
        {
            pool.MustPlan |= ReferenceEquals(pool.Own, account) || pool.Plan is not { IsComplete: true };
            Mark(pool);
        }
    }

    private void ReadClock(AccountUpdate clock)
    {
        var data = clock.Data.Span;
        if (data.Length < ClockSize)
            return;
        var first = Clock == default;
        Clock = new ChainClock(BinaryPrimitives.ReadUInt64LittleEndian(data), BinaryPrimitives.ReadInt64LittleEndian(data[ClockTimeOffset..]));
        foreach (var pool in _pools.Values)
        {
            if (first || Clock.HasReached(pool.Until))
                Mark(pool);
        }
    }

    private void Refresh(Pool pool, ICollection<PoolChange> changes)
    {
        pool.Until = ChainClock.Never;
        if (!pool.Own.IsCurrent)
        {
            Stand(pool, PoolStanding.Incomplete, default, changes);
            return;
        }

        if (pool.MustPlan || pool.Plan is null)
        {
            var refusal = _assembly.Plan(pool.Own.Settled!.View, _shown, out var plan);
            if (!refusal.IsNone || plan is null)
            {
                Stand(pool, PoolStanding.Refused, refusal, changes);
                return;
            }

            pool.MustPlan = false;
            if (!plan.Equals(pool.Plan))
                Adopt(pool, plan);
        }

        if (!pool.Plan!.IsComplete || Clock == default || pool.Others.Any(account => !account.IsCurrent))
        {
            Stand(pool, PoolStanding.Incomplete, default, changes);
            return;
        }

        var fault = _assembly.Assemble(pool.Own.Settled!.View, _shown, Clock, out var assembled, out var until);
        pool.Until = until;
        if (!fault.IsNone || assembled is null)
        {
            Stand(pool, PoolStanding.Refused, fault, changes);
            return;
        }

        var at = PositionOf(pool);
        if (at.AsSpan().SequenceEqual(pool.At.AsSpan()))
        {
            var isSame = assembled.State.Equals(pool.State);
            if (isSame && pool.Standing == PoolStanding.Complete)
                return;
            at = isSame ? at : at.SetItem(0, pool.Retell());
        }

        pool.At = at;
        pool.State = assembled.State;
        Refusals.Change(pool.Fault.Refusal, PoolRefusal.None);
        pool.Fault = default;
        SetStanding(pool, PoolStanding.Complete);
        changes.Add(new PoolChange(pool.Address, PoolStanding.Complete, assembled, at));
    }

    private void Adopt(Pool pool, PoolPlan plan)
    {
        var before = pool.Others;
        pool.Plan = plan;
        pool.Others = [.. plan.Accounts.Select(needed => Need(needed.Address, needed.Role != AccountRole.Mint))];
        foreach (var account in pool.Others)
            Use(account, pool);
        foreach (var account in before)
        {
            if (!pool.Others.Contains(account))
                Leave(account, pool);
        }
    }

    private void Stand(Pool pool, PoolStanding standing, PoolFault fault, ICollection<PoolChange> changes)
    {
        if (pool.Standing == standing && pool.Fault == fault && pool.IsTold)
            return;
        pool.IsTold = true;
        Refusals.Change(pool.Fault.Refusal, fault.Refusal);
        pool.Fault = fault;
        SetStanding(pool, standing);
        changes.Add(new PoolChange(pool.Address, standing, null, [], fault));
    }

    private void SetStanding(Pool pool, PoolStanding standing)
    {
        _complete += (standing == PoolStanding.Complete ? 1 : 0) - (pool.Standing == PoolStanding.Complete ? 1 : 0);
        _refused += (standing == PoolStanding.Refused ? 1 : 0) - (pool.Standing == PoolStanding.Refused ? 1 : 0);
        pool.Standing = standing;
    }

    private static ImmutableArray<AccountPosition> PositionOf(Pool pool)
    {
        var at = ImmutableArray.CreateBuilder<AccountPosition>();
        at.Add(pool.OwnAt());
        var others = false;
        for (var i = 0; i < pool.Others.Length; i++)
        {
            var position = pool.Others[i].Settled!.At;
            switch (pool.Plan!.Accounts[i].Role)
            {
                case AccountRole.Vault or AccountRole.LendingVault:
                    at.Add(position);
                    break;
                case AccountRole.Mint:
                    break;
                default:
                    others = true;
                    pool.NewestOther = position > pool.NewestOther ? position : pool.NewestOther;
                    break;
            }
        }

        if (others)
            at.Add(pool.NewestOther);
        return at.DrainToImmutable();
    }

    private Account Need(Address address, bool subscribe)
    {
        if (_accounts.TryGetValue(address, out var account))
        {
            // One pool's mint may not be watched, and another's configuration is.
            if (subscribe && !account.Subscribe)
            {
                account.Subscribe = true;
                _wanted.Add(new WantedAccount(address, true));
            }

            return account;
        }

        account = new Account(address, subscribe);
        _accounts.Add(address, account);
        _wanted.Add(new WantedAccount(address, subscribe));
        _unread++;
        return account;
    }

    private static void Use(Account account, Pool pool)
    {
        if (!account.Users.Contains(pool))
            account.Users.Add(pool);
    }

    private void Leave(Account account, Pool pool)
    {
        account.Users.Remove(pool);
        if (account.Users.Count > 0 || ReferenceEquals(account, _clockAccount))
            return;
        _accounts.Remove(account.Address);
        _unread -= account.IsRead ? 0 : 1;
        if (account.IsWaiting)
            _waiting.Remove(account);
        _unwanted.Add(account.Address);
    }

    private void Mark(Pool pool)
    {
        if (pool.IsDirty)
            return;
        pool.IsDirty = true;
        _dirty.Add(pool);
    }

    private const int ClockSize = 40;
    private const int ClockTimeOffset = 32;

    private sealed class Account(Address address, bool subscribe)
    {
        public Address Address => address;

        public bool Subscribe { get; set; } = subscribe;

        public List<Pool> Users { get; } = [];

        public AccountUpdate? Settled { get; private set; }

        /// <summary>Newer than what is shown, oldest first.</summary>
        public List<AccountUpdate> Waiting { get; } = [];

        public AccountUpdate? Newest => Waiting.Count > 0 ? Waiting[^1] : Settled;

        /// <summary>Whether a notification of this connection told it.</summary>
        public bool Heard { get; private set; }

        public bool IsRead
        {
            get;
            set
            {
                field = value;
                Heard &= value;
            }
        }

        public ulong ReadAt { get; set; }

        /// <summary>No earlier read counts.</summary>
        public ulong NotBefore { get; set; }

        public bool IsWaiting { get; set; }

        public bool IsCurrent => IsRead && Settled is { } settled && settled.At.Slot >= ReadAt;

        /// <summary>The newest update of a slot; null where none is held.</summary>
        public AccountUpdate? HeldAt(ulong slot)
        {
            for (var i = Waiting.Count - 1; i >= 0; i--)
            {
                if (Waiting[i].At.Slot == slot)
                    return Waiting[i];
            }

            return Settled is { } settled && settled.At.Slot == slot ? settled : null;
        }

        /// <summary>Puts an update in its place; false where its slot is held as of a later write. Of a slot only the last write waits: no other is ever shown.</summary>
        public bool Insert(AccountUpdate update)
        {
            Heard |= update.At.WriteVersion != AccountPosition.Read;
            var place = Waiting.Count;
            while (place > 0 && Waiting[place - 1].At > update.At)
                place--;
            if (place < Waiting.Count && Waiting[place].At.Slot == update.At.Slot)
                return false;
            if (place > 0 && Waiting[place - 1].At.Slot == update.At.Slot)
                Waiting[place - 1] = update;
            else
                Waiting.Insert(place, update);
            return true;
        }

        /// <summary>Shows the newest update up to a slot.</summary>
        public bool Show(ulong horizon)
        {
            var count = 0;
            while (count < Waiting.Count && Waiting[count].At.Slot <= horizon)
                count++;
            if (count == 0)
                return false;
            Settled = Waiting[count - 1];
            Waiting.RemoveRange(0, count);
            return true;
        }
    }

    private sealed class Pool(Address address, Account own)
    {
        public Address Address => address;

        public Account Own => own;

        public PoolPlan? Plan { get; set; }

        public ImmutableArray<Account> Others { get; set; } = [];

        public bool MustPlan { get; set; } = true;

        public bool IsDirty { get; set; }

        public bool IsTold { get; set; }

        public PoolStanding Standing { get; set; }

        public PoolFault Fault { get; set; }

        public ImmutableArray<AccountPosition> At { get; set; } = [];

        public AccountPosition NewestOther { get; set; }

        /// <summary>The clock from which on the same accounts make another pool.</summary>
        public ChainClock Until { get; set; } = ChainClock.Never;

        /// <summary>What was told last.</summary>
        public VenueState? State { get; set; }

        private (ulong Slot, ulong Times) _retold;

        /// <summary>
        /// The position of the pool's own account, behind which it counts on, within the slot, for each state that no account's change brought: clock and
        /// mints have no place among the pool's positions, and yet a state that they change is a later one. Counted apart from writes: it is none.
        /// </summary>
        public AccountPosition OwnAt()
        {
            var at = Own.Settled!.At;
            return _retold.Slot == at.Slot ? at with { WriteVersion = at.WriteVersion + (_retold.Times * AccountPosition.Retold) } : at;
        }

        /// <summary>The same account makes another state.</summary>
        public AccountPosition Retell()
        {
            var slot = Own.Settled!.At.Slot;
            _retold = (slot, _retold.Slot == slot ? _retold.Times + 1 : 1);
            return OwnAt();
        }
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
