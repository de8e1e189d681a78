using System.Buffers.Binary;

namespace QTrade.Solana.Feed;

/// <summary>The accounts that pools need: what was told of them, what is read, and who uses them.</summary>
public sealed partial class ChainView
{
    private const int ClockSize = 40;
    private const int ClockTimeOffset = 32;

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
}
