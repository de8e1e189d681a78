using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Routing;

namespace QTrade.Trading.Routing;

/// <summary>Cuts the newest market out of the view for an optimizer that asks (law 3: conflate, then pull).</summary>
public static class SnapshotCutter
{
    /// <summary>
    /// The newest cut: every pool that is configured, observed, trusted and not withheld, and the tokens of all that are observed, so that tokens
    /// keep their places while pools come and go; each in ordinal order of the ids. Null where no pool can be traded.
    /// </summary>
    /// <param name="state">The router's.</param>
    /// <param name="view">The market.</param>
    /// <param name="options">What the solve may spend.</param>
    /// <param name="at">Now.</param>
    public static SnapshotOffer? Cut(RouterState state, MarketView view, RouterOptions options, DateTimeOffset at)
    {
        var id = new SnapshotId(state.Epoch, state.Number + 1);
        var pools = ImmutableArray.CreateBuilder<Pool>(view.PoolCount);
        var poolCuts = ImmutableArray.CreateBuilder<PoolCut>(view.PoolCount);
        var (tokens, tokenCuts) = view.Traded;
        foreach (var entry in view.Entries)
        {
            if (!entry.IsTraded || entry.Current is not { } pool || IsWithheld(state, entry))
                continue;
            pools.Add(pool);
            poolCuts.Add(new PoolCut(entry.Id, entry.Newest!.Sequence, entry.ConfigurationSequence));
        }

        if (pools.Count == 0)
            return null;
        var market = new Market
        {
            Name = id.ToString(),
            Slot = checked((long)view.NewestSlot),
            Units = view.Units,
            Tokens = tokens,
            Pools = pools.DrainToImmutable(),
        };
        return Offer(state, view, options, id, market, poolCuts.DrainToImmutable(), tokenCuts, at, null);
    }

    /// <summary>
    /// A cut of a tape: the pools that it names and their tokens, each where the tape has it, whatever else the view holds; nothing is withheld. Null where none can be traded.
    /// </summary>
    /// <param name="state">The router's.</param>
    /// <param name="view">The market, which stands there (<see cref="TapeFollower.IsThere"/>).</param>
    /// <param name="options">What the solve may spend.</param>
    /// <param name="at">Now.</param>
    /// <param name="tape">The cut.</param>
    public static SnapshotOffer? Cut(RouterState state, MarketView view, RouterOptions options, DateTimeOffset at, TapeCut tape)
    {
        var (entries, tokens, tokenCuts) = view.TradedOf(tape.Pools);
        if (entries.IsEmpty)
            return null;
        var id = new SnapshotId(state.Epoch, state.Number + 1);
        var market = new Market
        {
            Name = Cuts.NameOf(tape.Number),
            Slot = checked((long)tape.Slot),
            Units = view.Units,
            Tokens = tokens,
            Pools = [.. entries.Select(entry => entry.Current!)],
        };
        return Offer(
            state, view, options, id, market, [.. entries.Select(entry => new PoolCut(entry.Id, entry.Newest!.Sequence, entry.ConfigurationSequence))], tokenCuts, at, tape);
    }

    /// <summary>Why there is no cut, in one line; null where there is one.</summary>
    public static string? WhyNone(RouterState state, MarketView view)
    {
        _ = view.Traded;
        int retired = 0, unobserved = 0, tokenless = 0, untrusted = 0, withheld = 0;
        foreach (var entry in view.Entries)
        {
            if (entry.Configured is null)
                retired++;
            else if (entry.Observed is null)
                unobserved++;
            else if (!entry.IsTraded)
                tokenless++;
            else if (entry.Current is null)
                untrusted++;
            else if (IsWithheld(state, entry))
                withheld++;
            else
                return null;
        }

        (int Count, string Why)[] reasons =
        [
            (retired, "retired"),
            (unobserved, "not observed yet"),
            (tokenless, "of a token that is not registered"),
            (untrusted, "not read again since the feed lost them"),
            (withheld, "withheld until their trades ended and a later state was seen"),
        ];
        return view.PoolCount == 0
            ? "the market has no pools"
            : $"none of {view.PoolCount} pools can be traded: {string.Join(", ", reasons.Where(reason => reason.Count > 0).Select(reason => $"{reason.Count} {reason.Why}"))}";
    }

    /// <summary>Whether new routes must leave the pool alone: a trade on it is under way, or no later position was observed since.</summary>
    public static bool IsWithheld(WithheldPool withheld, in PositionVector newest) =>
        !withheld.Live.IsEmpty || (withheld.After is { } after && !newest.IsObservedAfter(after));

    private static bool IsWithheld(RouterState state, MarketView.PoolEntry entry) =>
        !state.Withheld.IsEmpty && state.Withheld.TryGetValue(entry.Id, out var withheld) && IsWithheld(withheld, entry.Newest!.At);

    private static SnapshotOffer Offer(
        RouterState state,
        MarketView view,
        RouterOptions options,
        SnapshotId id,
        Market market,
        ImmutableArray<PoolCut> pools,
        ImmutableArray<TokenCut> tokens,
        DateTimeOffset at,
        TapeCut? tape)
    {
        var start = options.WarmStart && state.LastDecision is { } last && Matches(last, market) ? last : null;
        var hash = tape is null ? Cuts.Hash(pools, tokens) : Cuts.Hash(tape);
        var handedOut = new SnapshotHandedOut(
            id,
            tape?.Slot ?? view.NewestSlot,
            Cuts.Tell(state.LastHandOut, id, pools, tokens),
            hash,
            start?.SnapshotId,
            options.Solve,
            view.Skipped,
            at)
        {
            StartsWithTrades = start is { Result.Trades.IsEmpty: false },
            TapeCut = tape?.Number ?? 0,
            Tape = tape?.Tape ?? "",
        };
        return new SnapshotOffer(
            handedOut, new SolveSnapshot(id, market, hash, start?.Result.Prices ?? [], options.Solve) { StartTrades = start?.Result.Trades ?? [] });
    }

    private static bool Matches(LastDecision last, Market market)
    {
        if (last.Tokens.Length != market.Tokens.Length)
            return false;
        for (var i = 0; i < last.Tokens.Length; i++)
        {
            if (last.Tokens[i] != market.Tokens[i].Id)
                return false;
        }

        return true;
    }
}
