using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using QTrade.Markets;
using QTrade.Markets.Quotes;
using QTrade.Messages;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Solver.Arithmetic;
using QTrade.Trading.Pools;

namespace QTrade.Trading.Routing;

/// <summary>
/// The market as publications tell it: newer ones overwrite older ones, by sequence number, never by arrival. Mutable, and owned by one
/// actor; an update touches one pool and allocates nothing. What a newer update replaced before anybody cut is counted as skipped.
/// </summary>
/// <param name="units">What the market's amounts count.</param>
/// <param name="trustsNothing">Whether no state is shown before a feed vouched for it.</param>
/// <param name="awaitsTerm">Whether none is before <see cref="TrustSince"/> told which feed may.</param>
public sealed class MarketView(AmountUnit units, bool trustsNothing = false, bool awaitsTerm = false) : IPoolStates
{
    private readonly Dictionary<PoolId, PoolEntry> pools = [];
    private readonly SortedList<PoolId, PoolEntry> ordered = [];
    private readonly Dictionary<TokenId, TokenEntry> tokens = [];
    private bool isTradedKnown;
    private ulong trustedFrom = trustsNothing ? ulong.MaxValue : 0;
    private long trustTerm, trustNumber;
    private ulong feedSlot = trustsNothing ? 0 : ulong.MaxValue;
    private bool isTermAwaited = awaitsTerm, isAhead;

    /// <summary>What the market's amounts count.</summary>
    public AmountUnit Units => units;

    /// <summary>Newest slot seen in any position or by <see cref="ObserveSlot"/>.</summary>
    public ulong NewestSlot { get; private set; }

    /// <summary>Updates since the last cut that newer ones replaced.</summary>
    public long Skipped { get; private set; }

    /// <summary>Changes since the last cut, the skipped ones included.</summary>
    public long Changes { get; private set; }

    /// <summary>
    /// The largest move of any pool since the last cut: the sum over its state's numbers of |new - old| / max(new, old), which for small
    /// moves of a product or concentrated pool is the change of its log-price. 1 where the market's configuration changed.
    /// </summary>
    public double Moved { get; private set; }

    /// <summary>How many pools were ever configured or observed.</summary>
    public int PoolCount => pools.Count;

    /// <summary>Every pool's entry, by ordinal order of the ids.</summary>
    internal IList<PoolEntry> Entries => ordered.Values;

    /// <summary>Takes a publication.</summary>
    /// <returns><see cref="ReasonCode.None"/>, or why it changed nothing.</returns>
    public ReasonCode Apply(IMarketChange change) => change switch
    {
        ReservesChanged changed => Apply(changed),
        PoolConfigured configured => Apply(configured),
        PoolRetired retired => Apply(retired),
        TokenRegistered registered => Apply(registered),
        _ => throw new ArgumentOutOfRangeException(nameof(change), change.GetType().Name, "a change of the market that this view does not know"),
    };

    /// <summary>Applies a change; answers whether a pool can be shown since that could not be before, or the other way round: 1, -1 or 0.</summary>
    public int ApplyCounted(IMarketChange change)
    {
        PoolId? pool = change switch
        {
            ReservesChanged changed => changed.PoolId,
            PoolConfigured configured => configured.PoolId,
            PoolRetired retired => retired.PoolId,
            _ => null,
        };
        int before = IsKnown(pool);
        Apply(change);
        return IsKnown(pool) - before;
    }

    private int IsKnown(PoolId? pool) => pool is { } id && TryPool(id, out _, out _) ? 1 : 0;

    /// <summary>The chain reached a slot.</summary>
    public void ObserveSlot(ulong slot) => NewestSlot = Math.Max(NewestSlot, slot);

    /// <summary>
    /// The feed saw the chain reach a slot. Where states have to be vouched for, one of a later slot is not shown before: it is of another feed, whose endpoint was
    /// ahead of this one's, and what happened to the pool since this one does not know.
    /// </summary>
    public void Observe(SlotObserved observed)
    {
        ObserveSlot(observed.Slot);

        // A feed of an older version says no term.
        if (!trustsNothing || (observed.Term < trustTerm && observed.Term != 0))
            return;
        var isNew = observed.Term > trustTerm;
        if (isNew)
            BeginTerm(observed.Term);
        var before = feedSlot;
        feedSlot = Math.Max(feedSlot, observed.Slot);
        if (!isAhead)
            return;
        isAhead = false;
        var isReached = isNew;
        foreach (var entry in ordered.Values)
        {
            var slot = entry.Newest?.At.NewestSlot ?? 0;
            isAhead |= slot > feedSlot;
            isReached |= slot > before && slot <= feedSlot;
        }

        if (isReached)
            Reconfigured();
    }

    /// <summary>Feeds of terms before this one vouch for nothing, also where a newer one has not been heard yet.</summary>
    public void TrustSince(long term)
    {
        isTermAwaited = false;
        if (term > trustTerm)
            BeginTerm(term);
        Reconfigured();
    }

    /// <summary>How the newest state of a pool stands to a position; <see cref="PositionOrder.Incomparable"/> where none was observed.</summary>
    public PositionOrder OrderOf(in PoolPosition pool) =>
        pools.TryGetValue(pool.PoolId, out var entry) && entry.Newest is { } newest ? newest.At.CompareTo(pool.At) : PositionOrder.Incomparable;

    /// <summary>Whether a person took the pool out of the market.</summary>
    public bool IsRetired(PoolId id) => pools.TryGetValue(id, out var entry) && entry.IsRetired;

    /// <summary>Whether all these pools stand there, trusted and with their tokens, but for those that were retired.</summary>
    public bool Has(ImmutableArray<PoolPosition> standing)
    {
        _ = Traded;
        foreach (var pool in standing)
        {
            if (!IsRetired(pool.PoolId) && (OrderOf(pool) != PositionOrder.Same || pools[pool.PoolId] is not { IsTraded: true, Current: not null }))
                return false;
        }

        return true;
    }

    /// <summary>
    /// From now on states whose newest account was seen before the slot are not shown, until they are observed again. What an older feed says, or what this one took
    /// back since, changes nothing; a newer feed has vouched for no more than it told.
    /// </summary>
    public void Trust(TrustFrom trust)
    {
        if (trust.Term < trustTerm)
            return;
        if (trust.Term > trustTerm)
            BeginTerm(trust.Term);

        if (trust.Pool is { } pool)
        {
            var entry = Entry(pool);
            if (IsOvertaken(trust, entry.TrustNumber))
                return;
            (entry.TrustNumber, entry.TrustedFrom) = (trust.Number, trust.Slot);
        }
        else if (IsOvertaken(trust, trustNumber))
        {
            return;
        }
        else
        {
            (trustNumber, trustedFrom) = (trust.Number, trust.Slot);
        }

        Reconfigured();
    }

    /// <inheritdoc/>
    public bool TryPool(PoolId id, [NotNullWhen(true)] out Pool? pool, out PositionVector at)
    {
        pool = pools.TryGetValue(id, out var entry) ? entry.Current : null;
        at = pool is null ? default : entry!.Newest!.At;
        return pool is not null;
    }

    /// <inheritdoc/>
    public bool TryToken(TokenId id, [NotNullWhen(true)] out Token? token)
    {
        token = tokens.TryGetValue(id, out var entry) ? entry.Token : null;
        return token is not null;
    }

    /// <summary>
    /// The tokens of every pool that is configured and observed, in ordinal order of the ids, and how a cut tells them. They stay the same objects until the
    /// configuration changes. A pool of which a token is not registered has <see cref="PoolEntry.IsTraded"/> false.
    /// </summary>
    internal (ImmutableArray<Token> Tokens, ImmutableArray<TokenCut> Cuts) Traded
    {
        get
        {
            if (!isTradedKnown)
                field = FindTraded();
            isTradedKnown = true;
            return field;
        }
    }

    /// <summary>The entries of those of these pools that can be traded, in their order, and the tokens of all of them.</summary>
    internal (ImmutableArray<PoolEntry> Entries, ImmutableArray<Token> Tokens, ImmutableArray<TokenCut> Cuts) TradedOf(ImmutableArray<PoolPosition> named)
    {
        _ = Traded;
        ImmutableArray<PoolEntry> entries =
            [.. named.Select(pool => pools.GetValueOrDefault(pool.PoolId)).OfType<PoolEntry>().Where(entry => entry is { IsTraded: true, Current: not null })];
        var cuts = ImmutableArray.CreateBuilder<TokenCut>();
        var registered = ImmutableArray.CreateBuilder<Token>();
        foreach (var id in entries.SelectMany(entry => entry.Current!.Tokens).Distinct().Order())
        {
            registered.Add(tokens[id].Token);
            cuts.Add(new TokenCut(id, tokens[id].Sequence));
        }

        return (entries, registered.DrainToImmutable(), cuts.DrainToImmutable());
    }

    /// <summary>Every pool that was ever configured or observed, by ordinal order of the ids.</summary>
    public ImmutableArray<PoolShown> ShowPools() => [.. ordered.Values.Select(entry => new PoolShown(entry.Id, entry.Configured, entry.Newest))];

    /// <summary>Every token, by ordinal order of the ids.</summary>
    public ImmutableArray<Token> ShowTokens() => [.. tokens.Values.Select(entry => entry.Token).OrderBy(token => token.Id)];

    /// <summary>The market was cut: what comes from here on counts as change.</summary>
    /// <returns>Mean over the pools of both this cut and the last of the squared change of the log-price (<see cref="CutVariance"/>).</returns>
    public double MarkCut()
    {
        var squares = 0.0;
        var compared = 0;
        foreach (var entry in ordered.Values)
        {
            if (entry.MarkCut() is { } change)
            {
                squares += change * change;
                compared++;
            }
        }

        Changes = 0;
        Skipped = 0;
        Moved = 0;
        return compared > 0 ? squares / compared : 0;
    }

    private void BeginTerm(long term)
    {
        (trustTerm, trustNumber, trustedFrom) = (term, 0, ulong.MaxValue);
        if (trustsNothing)
            (feedSlot, isAhead) = (0, true);
        foreach (var entry in ordered.Values)
            (entry.TrustNumber, entry.TrustedFrom) = (0, 0);
    }

    /// <summary>What is told twice changes nothing either; without a number it came in order.</summary>
    private static bool IsOvertaken(TrustFrom trust, long number) => trust.Number > 0 && trust.Number <= number;

    private ReasonCode Apply(ReservesChanged changed)
    {
        var entry = Entry(changed.PoolId);
        var before = entry.Newest;
        if (before is not null && before.Sequence >= changed.Sequence)
            return ReasonCode.OlderPosition;

        if (!ReferenceEquals(before, entry.AtCut))
            Skipped++;
        isTradedKnown &= before is not null && before.Reserves.Length == changed.Reserves.Length;
        Changes++;
        entry.Newest = changed;
        isAhead |= changed.At.NewestSlot > feedSlot;
        entry.Forget();
        Moved = Math.Max(Moved, Distance(entry.AtCut, changed));
        ObserveSlot(changed.At.NewestSlot);
        return ReasonCode.None;
    }

    private ReasonCode Apply(PoolConfigured configured)
    {
        var entry = Entry(configured.PoolId);
        if (entry.ConfigurationSequence >= configured.Sequence)
            return ReasonCode.OlderPosition;
        entry.Configure(configured.Sequence, configured.Pool);
        return Reconfigured();
    }

    private ReasonCode Apply(PoolRetired retired)
    {
        var entry = Entry(retired.PoolId);
        if (entry.ConfigurationSequence >= retired.Sequence)
            return ReasonCode.OlderPosition;
        entry.Configure(retired.Sequence, null);
        return Reconfigured();
    }

    private ReasonCode Apply(TokenRegistered registered)
    {
        if (tokens.TryGetValue(registered.TokenId, out var known) && known.Sequence >= registered.Sequence)
            return ReasonCode.OlderPosition;
        tokens[registered.TokenId] = new TokenEntry(registered.Sequence, registered.Token);
        return Reconfigured();
    }

    private ReasonCode Reconfigured()
    {
        Changes++;
        Moved = 1;
        isTradedKnown = false;
        return ReasonCode.None;
    }

    private (ImmutableArray<Token> Tokens, ImmutableArray<TokenCut> Cuts) FindTraded()
    {
        var traded = new SortedDictionary<TokenId, TokenEntry>();
        foreach (var entry in ordered.Values)
        {
            entry.IsTraded = entry.Observed is { } pool && pool.Tokens.All(tokens.ContainsKey);
            foreach (var token in entry.IsTraded ? entry.Observed!.Tokens : [])
                traded.TryAdd(token, tokens[token]);
        }

        return ([.. traded.Values.Select(token => token.Token)], [.. traded.Select(token => new TokenCut(token.Key, token.Value.Sequence))]);
    }

    private PoolEntry Entry(PoolId id)
    {
        if (pools.TryGetValue(id, out var entry))
            return entry;
        entry = new PoolEntry(this, id);
        pools.Add(id, entry);
        ordered.Add(id, entry);
        return entry;
    }

    private static double Distance(ReservesChanged? before, ReservesChanged after)
    {
        if (before is null || before.Reserves.Length != after.Reserves.Length)
            return 1;
        ReadOnlySpan<double> old = before.Reserves.AsSpan(), now = after.Reserves.AsSpan();
        var sum = 0.0;
        for (var i = 0; i < now.Length; i++)
        {
            var larger = Math.Max(old[i], now[i]);
            if (larger > 0)
                sum += Math.Abs(now[i] - old[i]) / larger;
        }

        return sum;
    }

    internal readonly record struct TokenEntry(long Sequence, Token Token);

    internal sealed class PoolEntry(MarketView view, PoolId id)
    {
        private Pool? configured;
        private Pool? current;

        public PoolId Id => id;

        public Pool? Configured => configured;

        public long ConfigurationSequence { get; private set; }

        public ReservesChanged? Newest { get; set; }

        public ReservesChanged? AtCut { get; private set; }

        /// <summary>Whether it is configured and observed, and its tokens are registered; as of the last <see cref="Traded"/>.</summary>
        public bool IsTraded { get; set; }

        public bool IsRetired => ConfigurationSequence > 0 && configured is null;

        /// <summary>States seen before this slot are not shown.</summary>
        public ulong TrustedFrom { get; set; }

        /// <summary>Number of what was said of that last.</summary>
        public long TrustNumber { get; set; }

        private double PriceAtCut { get; set; }

        /// <summary>The configured pool in its newest state, made when first asked for; null where there is none to trade.</summary>
        public Pool? Current => Newest is not null && !IsTrusted(Newest.At.NewestSlot) ? null : Observed;

        /// <summary>The same, whether that state is still trusted or not.</summary>
        public Pool? Observed
        {
            get
            {
                if (current is null && configured is not null && Newest is not null
                    && configured.Curve.State.Length == Newest.Reserves.Length)
                    current = ObservedPool.Of(configured, Newest);
                return current;
            }
        }

        public void Configure(long sequence, Pool? pool)
        {
            ConfigurationSequence = sequence;
            configured = pool;
            current = null;
        }

        public void Forget() => current = null;

        private bool IsTrusted(ulong slot) =>
            slot >= Math.Max(TrustedFrom, view.trustedFrom) && slot <= view.feedSlot && !view.isTermAwaited;

        /// <summary>The change of the log-price since the last cut; null where the pool has no price at both.</summary>
        public double? MarkCut()
        {
            if (ReferenceEquals(AtCut, Newest))
                return PriceAtCut > 0 ? 0 : null;
            var before = PriceAtCut;
            AtCut = Newest;
            PriceAtCut = Current is { } pool ? PoolQuotes.MarginalPrice(pool, 0, 1) : 0;
            return before > 0 && PriceAtCut > 0 ? Elementary.Log(PriceAtCut / before) : null;
        }
    }
}
