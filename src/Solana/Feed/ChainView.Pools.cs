using System.Collections.Immutable;
using QTrade.Markets.Venues;

namespace QTrade.Solana.Feed;

/// <summary>The pools: what their accounts make of them, and how they stand.</summary>
public sealed partial class ChainView
{
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

    private void Mark(Pool pool)
    {
        if (pool.IsDirty)
            return;
        pool.IsDirty = true;
        _dirty.Add(pool);
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
}
