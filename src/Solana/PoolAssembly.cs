using QTrade.Markets.Venues;
using QTrade.Solana.Tokens;

namespace QTrade.Solana;

/// <summary>What all venues need while a pool is planned and assembled.</summary>
internal readonly ref struct PoolAssembly
{
    private const int ExtensionPoolAt = 8;

    private readonly IAccountSource _others;
    private readonly ref ChainClock _until;

    /// <param name="pool">The pool's own account.</param>
    /// <param name="others">The accounts that it needs.</param>
    /// <param name="clock">The chain's time.</param>
    /// <param name="mintsMayBeUnknown">Whether a mint that is not held is taken for one of SPL Token.</param>
    /// <param name="until">Where what the clock changes is kept.</param>
    public PoolAssembly(in AccountView pool, IAccountSource others, ChainClock clock, bool mintsMayBeUnknown, ref ChainClock until)
    {
        _until = ref until;
        Pool = pool;
        _others = others;
        Clock = clock;
        MintsMayBeUnknown = mintsMayBeUnknown;
    }

    public AccountView Pool { get; }

    public ChainClock Clock { get; }

    public bool MintsMayBeUnknown { get; }

    /// <summary>The pool is refused over its own account.</summary>
    public PoolFault Refuse(PoolRefusal refusal, string? detail = null) => new(refusal, Pool.Address, detail);

    /// <summary>Whether the pool's own account begins with its program's discriminator and is as long as its layout.</summary>
    public PoolFault CheckHead(ulong tag, int size)
    {
        if (!Field.HasTag(Pool.Data, tag))
            return Refuse(Pool.Data.Length < sizeof(ulong) ? PoolRefusal.Truncated : PoolRefusal.NotAPool);
        return Pool.Data.Length < size ? Refuse(PoolRefusal.Truncated) : default;
    }

    /// <summary>From a second on, where it has not come yet, the same accounts make another pool.</summary>
    public void ChangesAtTime(UInt128 unixTime)
    {
        if (unixTime > (ulong)Math.Max(Clock.UnixTime, 0) && unixTime < (ulong)_until.UnixTime)
            _until = _until with { UnixTime = (long)unixTime };
    }

    /// <summary>Likewise from a slot on.</summary>
    public void ChangesAtSlot(UInt128 slot)
    {
        if (slot > Clock.Slot && slot < _until.Slot)
            _until = _until with { Slot = (ulong)slot };
    }

    /// <summary>Likewise from a second, or else a slot, on.</summary>
    public void ChangesAt(UInt128 point, bool byTime)
    {
        if (byTime)
            ChangesAtTime(point);
        else
            ChangesAtSlot(point);
    }

    /// <summary>Whether the clock has reached the second at which trading opens.</summary>
    public PoolFault CheckOpened(ulong unixTime)
    {
        ChangesAtTime(unixTime);
        return Opened(Clock.UnixTime < 0 || (ulong)Clock.UnixTime >= unixTime);
    }

    /// <summary>Whether the clock has reached the second, or else the slot, at which trading opens; and how far it is past that.</summary>
    public PoolFault CheckOpened(ulong point, bool byTime, out ulong elapsed)
    {
        ChangesAt(point, byTime);
        var now = byTime ? (ulong)Math.Max(Clock.UnixTime, 0) : Clock.Slot;
        elapsed = now >= point ? now - point : 0;
        return Opened(now >= point);
    }

    private PoolFault Opened(bool opened) => opened ? default : Refuse(PoolRefusal.Disabled, "trading has not opened");

    /// <summary>Looks another account up; a dump that is wrong about the address is not believed.</summary>
    public AccountPresence Look(scoped in Address address, out AccountView account)
    {
        var presence = _others.TryGet(address, out account);
        return presence != AccountPresence.Present ? presence
            : account.Lamports == 0 && account.Data.IsEmpty ? AccountPresence.Absent
            : presence;
    }

    /// <summary>All tick arrays of the pool, where none can be missing.</summary>
    public bool TryTickArrays(out IReadOnlyList<Address> arrays)
    {
        arrays = [];
        return _others is IWholeProgram whole && whole.TryTickArrays(Pool.Address, out arrays);
    }

    /// <summary>An account that must be there and belong to a program.</summary>
    public PoolFault Require(scoped in Address address, scoped in Address owner, AccountRole role, out AccountView account)
    {
        if (Look(address, out account) != AccountPresence.Present)
            return new PoolFault(PoolRefusal.MissingAccount, address, role.ToString());
        return account.Owner == owner ? default : new PoolFault(PoolRefusal.WrongAccount, address, $"{role} is owned by {account.Owner}");
    }

    /// <summary>A configuration that must be there, belong to a program and have its layout.</summary>
    public PoolFault Config(scoped in Address address, scoped in Address owner, ulong tag, int size, out AccountView config)
    {
        var fault = Require(address, owner, AccountRole.Config, out config);
        if (!fault.IsNone)
            return fault;
        return Field.HasTag(config.Data, tag) && config.Data.Length >= size ? default : new PoolFault(PoolRefusal.WrongAccount, address, "not a configuration");
    }

    /// <summary>
    /// The extension of the pool's bitmap of arrays. One that is another's, of another pool or too short is as good as none: it is not believed, and
    /// nothing is known of the arrays that it would tell of.
    /// </summary>
    public AccountPresence BitmapExtension(scoped in Address address, ulong tag, int rows, out AccountView extension)
    {
        var presence = Look(address, out extension);
        var isOwn = presence == AccountPresence.Present
            && extension.Owner == Pool.Owner
            && extension.Data.Length >= ArrayBitmap.ExtensionSize(rows)
            && Field.HasTag(extension.Data, tag)
            && Field.Address(extension.Data, ExtensionPoolAt) == Pool.Address;
        if (!isOwn)
            extension = default;
        return presence;
    }

    /// <summary>
    /// Whether the bitmaps tell of the array that the price is in. Where they end before it nothing is known of what lies between, and the program
    /// does not swap without the extension either.
    /// </summary>
    public static PoolFault CheckCovered(in ArrayBitmap bitmap, int own, in Address extension) =>
        bitmap.Covers(own) ? default : new PoolFault(PoolRefusal.MissingAccount, extension, nameof(AccountRole.BitmapExtension));

    /// <summary>What two vaults hold of their mints.</summary>
    public PoolFault Vaults(in Address address0, in Address mint0, in Address address1, in Address mint1, out ulong amount0, out ulong amount1)
    {
        amount1 = 0;
        var fault = Vault(address0, mint0, out amount0);
        return fault.IsNone ? Vault(address1, mint1, out amount1) : fault;
    }

    /// <summary>What a vault holds of a mint.</summary>
    private PoolFault Vault(in Address address, in Address mint, out ulong amount)
    {
        amount = 0;
        if (Look(address, out var view) != AccountPresence.Present)
            return new PoolFault(PoolRefusal.MissingAccount, address, nameof(AccountRole.Vault));
        var refusal = TokenAccount.TryRead(view, out var account);
        if (refusal != PoolRefusal.None)
            return new PoolFault(refusal, address, nameof(AccountRole.Vault));
        amount = account.Amount;
        return account.Mint == mint ? default : new PoolFault(PoolRefusal.WrongAccount, address, $"the vault holds mint {account.Mint}");
    }

    /// <summary>Decimals and transfer fee of a mint.</summary>
    /// <param name="address">The mint.</param>
    /// <param name="needed">Whether it must be held; a dump may leave it out all the same.</param>
    /// <param name="decimals">Its decimals; null where the mint is not held and need not be.</param>
    /// <param name="fee">What transfers cost.</param>
    public PoolFault Mint(in Address address, bool needed, out int? decimals, out TransferFee fee)
    {
        decimals = null;
        fee = default;
        if (Look(address, out var view) != AccountPresence.Present)
            return MintsMayBeUnknown || !needed ? default : new PoolFault(PoolRefusal.MissingAccount, address, nameof(AccountRole.Mint));
        var refusal = MintAccount.TryRead(view, out var mint);
        if (refusal != PoolRefusal.None)
            return new PoolFault(refusal, address, mint.Unsupported == MintExtension.None ? "mint" : mint.Unsupported.ToString());
        decimals = mint.Decimals;
        fee = mint.FeeAt(Clock.Epoch);
        ChangesAtSlot(ChainClock.FirstSlotOf(mint.NewerEpoch));
        return default;
    }

    /// <summary>The pool, from its state and its mints. A program that takes tokens of SPL Token alone, and tells their decimals itself, needs no mints.</summary>
    public PoolFault Finish(
        VenueState state, Venue venue, in Address mint0, in Address mint1, out SolanaPool? pool, int? decimals0 = null, int? decimals1 = null, bool needsMints = true)
    {
        pool = null;
        if (mint0 == mint1)
            return Refuse(PoolRefusal.Malformed, "both mints are the same");
        var fault = Mint(mint0, needsMints, out var told0, out var fee0);
        if (!fault.IsNone)
            return fault;
        fault = Mint(mint1, needsMints, out var told1, out var fee1);
        if (!fault.IsNone)
            return fault;
        pool = new SolanaPool
        {
            Address = Pool.Address,
            Venue = venue,
            Mint0 = mint0,
            Mint1 = mint1,
            Decimals0 = told0 ?? decimals0,
            Decimals1 = told1 ?? decimals1,
            State = state with { TransferFee0 = fee0, TransferFee1 = fee1 },
            Clock = Clock,
        };
        return default;
    }
}
