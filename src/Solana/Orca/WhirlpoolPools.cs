using System.Globalization;
using System.Runtime.InteropServices;
using QTrade.Markets.Venues;

namespace QTrade.Solana.Orca;

/// <summary>Orca Whirlpool from accounts to pools.</summary>
internal sealed class WhirlpoolPools : VenuePools
{
    private const int NumberLengthMax = 11;

    // The arrays that either direction is given: three down from the price's, and one more up, where the price is in the last tick of its array.
    private const int ArraysBelow = WhirlpoolState.ArraysPerSwap - 1;
    private const int ArraysAbove = WhirlpoolState.ArraysPerSwap;

    public override PoolFault Check(in PoolAssembly assembly)
    {
        var refusal = WhirlpoolAccount.TryRead(assembly.Pool.Data, out var account);
        if (refusal != PoolRefusal.None)
            return assembly.Refuse(refusal);
        if (account.FeeTierIndex != account.TickSpacing)
            return assembly.Refuse(PoolRefusal.AdaptiveFee);
        return account.TickSpacing == 0 || Math.Abs((long)account.Tick) > OrcaTicks.TickMax + 1
                || account.SqrtPrice < OrcaTicks.SqrtPriceMin || account.SqrtPrice > OrcaTicks.SqrtPriceMax
                || !IsTickOf(account.Tick, account.SqrtPrice)
            ? assembly.Refuse(PoolRefusal.Malformed, "tick, price, spacing or fee")
            : default;
    }

    public override PoolPlan Plan(in PoolAssembly assembly)
    {
        WhirlpoolAccount.TryRead(assembly.Pool.Data, out var account);
        var needed = new NeededAccounts().Add(account.MintA, AccountRole.Mint).Add(account.MintB, AccountRole.Mint);
        foreach (var start in Starts(account))
            needed.Add(ArrayAddress(assembly.Pool.Address, start), AccountRole.TickArray, mayBeAbsent: true);
        return needed.Plan(assembly, Venue.OrcaWhirlpool);
    }

    public override PoolFault Assemble(in PoolAssembly assembly, out SolanaPool? pool)
    {
        pool = null;
        WhirlpoolAccount.TryRead(assembly.Pool.Data, out var account);
        assembly.ChangesAtTime(account.RewardTime);
        if (assembly.Clock.UnixTime >= 0 && (ulong)assembly.Clock.UnixTime < account.RewardTime)
            return assembly.Refuse(PoolRefusal.Disabled, "the clock is before the pool's last reward update");
        var isWhole = assembly.TryTickArrays(out var arrays);
        var fault = isWhole ? ReadAllTicks(assembly, account, arrays, out var ticks) : ReadTicks(assembly, account, out ticks);
        if (!fault.IsNone)
            return fault;
        var state = new WhirlpoolState
        {
            SqrtPrice = account.SqrtPrice,
            Tick = account.Tick,
            Liquidity = account.Liquidity,
            FeeRate = account.FeeRate,
            TickSpacing = account.TickSpacing,
            Ticks = ticks!,
            CurveSpansAllTicks = isWhole,
        };
        return assembly.Finish(state, Venue.OrcaWhirlpool, account.MintA, account.MintB, out pool);
    }

    // The tick that the program holds is the root's, or one less where a fall of the price ended on a tick.
    private static bool IsTickOf(int tick, UInt128 root)
    {
        var exact = OrcaTicks.TickAt(root);
        return tick == exact || (tick == exact - 1 && OrcaTicks.SqrtPriceAt(exact) == root);
    }

    private static IEnumerable<int> Starts(WhirlpoolAccount account)
    {
        var span = WhirlpoolState.TicksPerArray * account.TickSpacing;
        var middle = WhirlpoolState.ArrayStart(account.Tick, account.TickSpacing);
        for (var i = -ArraysBelow; i <= ArraysAbove; i++)
        {
            var start = middle + i * span;
            if (start <= OrcaTicks.TickMax && start + span > -OrcaTicks.TickMax)
                yield return start;
        }
    }

    private static Address ArrayAddress(in Address pool, int start)
    {
        Span<byte> digits = stackalloc byte[NumberLengthMax];
        start.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        return ProgramAddresses.Of("tick_array"u8, pool, ProgramIds.OrcaWhirlpool, start, digits[..length]);
    }

    // Ticks are known as far as the arrays around the price's are, without a hole.
    private static PoolFault ReadTicks(in PoolAssembly assembly, in WhirlpoolAccount account, out TickRange? range)
    {
        range = null;
        var span = WhirlpoolState.TicksPerArray * account.TickSpacing;
        var middle = WhirlpoolState.ArrayStart(account.Tick, account.TickSpacing);
        Span<TickLiquidity> room = stackalloc TickLiquidity[WhirlpoolTickArray.TicksMax];
        var ticks = new List<TickLiquidity>();
        var (first, last) = (int.MaxValue, int.MinValue);
        foreach (var start in Starts(account))
        {
            var address = ArrayAddress(assembly.Pool.Address, start);
            var presence = assembly.Look(address, out var view);
            if (presence == AccountPresence.Unknown)
            {
                if (start == middle)
                    return new PoolFault(PoolRefusal.MissingAccount, address, nameof(AccountRole.TickArray));
                if (start > middle)
                    break;
                ticks.Clear();
                first = int.MaxValue;
                continue;
            }

            if (presence == AccountPresence.Present && view.Owner == ProgramIds.OrcaWhirlpool)
            {
                var refusal = WhirlpoolTickArray.TryRead(view.Data, account.TickSpacing, room, out var array);
                if (refusal != PoolRefusal.None)
                    return new PoolFault(refusal, address, nameof(AccountRole.TickArray));
                if (array.Pool != assembly.Pool.Address || array.Start != start)
                    return new PoolFault(PoolRefusal.WrongAccount, address, "the tick array is another pool's or begins elsewhere");
                foreach (var tick in room[..array.Count])
                {
                    if (Math.Abs((long)tick.Tick) <= OrcaTicks.TickMax)
                        ticks.Add(tick);
                }
            }

            first = Math.Min(first, start);
            last = Math.Max(last, start + span - 1);
        }

        range = new TickRange(CollectionsMarshal.AsSpan(ticks), OrcaTicks.SqrtPriceAt, first, last);
        return default;
    }

    private static PoolFault ReadAllTicks(
        in PoolAssembly assembly, in WhirlpoolAccount account, IReadOnlyList<Address> addresses, out TickRange? range)
    {
        range = null;
        Span<TickLiquidity> room = stackalloc TickLiquidity[WhirlpoolTickArray.TicksMax];
        var ticks = new SortedDictionary<int, TickLiquidity>();
        foreach (var address in addresses)
        {
            if (assembly.Look(address, out var view) != AccountPresence.Present)
                continue;
            var refusal = WhirlpoolTickArray.TryRead(view.Data, account.TickSpacing, room, out var array);
            if (refusal != PoolRefusal.None)
                return new PoolFault(refusal, address, nameof(AccountRole.TickArray));
            if (array.Pool != assembly.Pool.Address || address != ArrayAddress(assembly.Pool.Address, array.Start))
                return new PoolFault(PoolRefusal.WrongAccount, address, "the tick array is another pool's or begins elsewhere");
            foreach (var tick in room[..array.Count])
            {
                if (Math.Abs((long)tick.Tick) <= OrcaTicks.TickMax)
                    ticks[tick.Tick] = tick;
            }
        }

        range = new TickRange([.. ticks.Values], OrcaTicks.SqrtPriceAt, -OrcaTicks.TickMax, OrcaTicks.TickMax);
        return default;
    }
}
