using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using QTrade.Broker;
using QTrade.Markets;
using QTrade.Markets.Quotes;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Node.Actors;
using QTrade.Node.Configuration;
using QTrade.Trading.Cluster;
using QTrade.Trading.Routing;
using QTrade.Web.Admin;

namespace QTrade.Node.Admin;

/// <summary>The pools: what the router sees of them, and adding and retiring while the node runs.</summary>
internal static class PoolPalette
{
    private const int AddedMax = 1_000;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(250);

    public static async Task<AdminReply> ListAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var market = await MarketAsync(context, cancellationToken).ConfigureAwait(false);
        var (withheld, unknown) = await RouterPalette.WithheldAsync(context, cancellationToken).ConfigureAwait(false);
        return AdminReply.Done(
            new JsonArray([.. market.Pools.Select(pool => Row(pool, context, withheld))]),
            $"{market.Pools.Length} pools at slot {market.Slot}{Missing(context, unknown)}");
    }

    public static async Task<AdminReply> ShowAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var market = await MarketAsync(context, cancellationToken).ConfigureAwait(false);
        if (!TryFind(market, context.Request["id"], out var pool, out var fault))
            return fault!;
        var (withheld, unknown) = await RouterPalette.WithheldAsync(context, cancellationToken).ConfigureAwait(false);
        var shown = Row(pool, context, withheld);
        if (pool.Newest is { } newest)
        {
            shown["position"] = newest.At.ToString();
            shown["sequence"] = newest.Sequence;
            shown["reserves"] = new JsonArray([.. newest.Reserves.Select(reserve => (JsonNode)reserve)]);
        }

        if (pool.Configured is { } configured)
        {
            shown["dex"] = configured.Dex;
            shown["feeOut"] = configured.FeeOut;
            shown["maxTender"] = new JsonArray([.. configured.MaxTender.Select(bound => (JsonNode)bound)]);
        }

        return AdminReply.Done(shown, Missing(context, unknown) is { Length: > 0 } missing ? missing.TrimStart(';', ' ') : null);
    }

    public static async Task<AdminReply> AddAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Request["pool"] is not { } text)
            return AdminReply.Bad("the pool is missing: pool add FILE");
        if (Unchangeable(context) is { } unchangeable)
            return unchangeable;
        var known = await MarketAsync(context, cancellationToken).ConfigureAwait(false);
        if (!PoolFileOf.TryRead(text, AdminContext.Shown(context.Request["file"] ?? "pool"), context.Node.Setup.Market.Units, known, out var market, out var error))
            return AdminReply.Bad(error);
        if (market.Pools.Length > AddedMax)
            return AdminReply.Bad($"{market.Pools.Length} pools are too many at once: at most {AddedMax}");
        if (market.Pools.FirstOrDefault(pool => known.Pools.Any(other => other.Id == pool.Id && IsTraded(other))) is { } twice)
            return AdminReply.No($"pool '{twice.Id}' is traded already: pool retire it first to trade it otherwise");
        var ids = known.Tokens.Select(token => token.Id).ToHashSet();
        var tokens = market.Tokens.Where(token => !ids.Contains(token.Id)).Select(token => (token.Id.Value, (IRegistryMessage)new ChangeToken(new RegisterToken(token))));
        if (await NotOrderedAsync(context, [.. tokens], cancellationToken).ConfigureAwait(false) is { } noTokens)
            return noTokens;
        var pools = market.Pools.Select(pool => (pool.Id.Value, (IRegistryMessage)new ChangePool(new ConfigurePool(pool) { By = context.By })));
        if (await NotOrderedAsync(context, [.. pools], cancellationToken).ConfigureAwait(false) is { } noPools)
            return noPools;
        if (!await SeenAsync(context, market.Pools, pool => pool?.Configured is not null, cancellationToken).ConfigureAwait(false))
            return NotHeard(context);
        foreach (var pool in market.Pools)
            context.Node.Observe(new ObserveReserves(pool.Id, pool.Curve.State, new PositionVector(new ChainPosition(known.Slot, 0))));
        var isSimulated = context.Node.Setup.Options.Feed == FeedKind.Simulated;
        if (isSimulated && !await SeenAsync(context, market.Pools, pool => pool?.Newest is not null, cancellationToken).ConfigureAwait(false))
            return NotHeard(context);
        return AdminReply.Done(
            new JsonArray([.. market.Pools.Select(pool => new JsonObject { ["pool"] = pool.Id.Value, ["added"] = true })]),
            isSimulated
                ? "added, in the state that the file gives, restarts included"
                : "added, in the state that the file gives, until the next feed begins: one that follows a chain finds its pools by itself");
    }

    public static async Task<AdminReply> RetireAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (Unchangeable(context) is { } unchangeable)
            return unchangeable;
        var market = await MarketAsync(context, cancellationToken).ConfigureAwait(false);
        if (!TryFind(market, context.Request["id"], out var pool, out var fault))
            return fault!;
        if (pool.Configured is not { } configured)
            return AdminReply.No($"pool '{pool.Id}' is retired already");
        if (await NotOrderedAsync(context, [(pool.Id.Value, new ChangePool(new RetirePool(pool.Id) { By = context.By }))], cancellationToken).ConfigureAwait(false) is { } notOrdered)
            return notOrdered;
        return await SeenAsync(context, [configured], seen => seen?.Configured is null, cancellationToken).ConfigureAwait(false)
            ? AdminReply.Done(
                new JsonObject { ["pool"] = pool.Id.Value, ["retired"] = true },
                "retired, restarts included: no new snapshot holds it until pool add takes it up again")
            : NotHeard(context);
    }

    /// <summary>A pool, or every pool, each time that its state or configuration changes; first as it is.</summary>
    public static async IAsyncEnumerable<AdminReply> WatchAsync(AdminContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var shown = new Dictionary<PoolId, PoolShown>();
        using var timer = new PeriodicTimer(WatchEvery, context.Time);
        do
        {
            var market = await MarketAsync(context, cancellationToken).ConfigureAwait(false);
            IEnumerable<PoolShown> pools = market.Pools;
            if (context.Request["id"] is { } id)
            {
                if (!TryFind(market, id, out var wanted, out var fault))
                {
                    yield return fault!;
                    yield break;
                }

                pools = [wanted];
            }

            List<PoolShown> changed = [.. pools.Where(pool => !shown.TryGetValue(pool.Id, out var before)
                || !ReferenceEquals(before.Newest, pool.Newest) || !ReferenceEquals(before.Configured, pool.Configured))];
            if (changed.Count == 0)
                continue;
            var (withheld, _) = await RouterPalette.WithheldAsync(context, cancellationToken).ConfigureAwait(false);
            foreach (var pool in changed)
            {
                shown[pool.Id] = pool;
                yield return AdminReply.Done(Row(pool, context, withheld));
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }

    private static Task<MarketShown> MarketAsync(AdminContext context, CancellationToken cancellationToken) =>
        context.Node.MarketAsync(AdminContext.Patience, cancellationToken);

    /// <summary>Why pools cannot be changed now; null where they can.</summary>
    private static AdminReply? Unchangeable(AdminContext context) => context.IsCut
        ? new AdminReply(AdminStatus.Failed, $"{AdminContext.CutOff}: nothing is added or retired without it, ask again once it is there")
        : null;

    /// <summary>One that was added and never observed, since who added it died, is added again.</summary>
    private static bool IsTraded(PoolShown pool) => pool is { Configured: not null, Newest: not null };

    /// <summary>What is to be said behind the market where not all of it is known.</summary>
    private static string Missing(AdminContext context, string? unknown) =>
        (context.IsCut ? $"; {AdminContext.CutOff}: as last heard" : string.Empty) + (unknown is null ? string.Empty : $"; {unknown}");

    /// <summary>Whether it was heard of, which it is once it is durable: by the router, or in a cluster by this node as by all others.</summary>
    private static async Task<bool> SeenAsync(
        AdminContext context, ImmutableArray<Pool> pools, Func<PoolShown?, bool> isSo, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LookEvery, context.Time);
        for (var looks = AdminContext.Patience / LookEvery; looks > 0; looks--)
        {
            var now = (await MarketAsync(context, cancellationToken).ConfigureAwait(false)).Pools.ToDictionary(pool => pool.Id);
            if (pools.All(pool => isSo(now.GetValueOrDefault(pool.Id))))
                return true;
            await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
        }

        return false;
    }

    /// <summary>Orders changes of whoever is the feed, one after the other. Null where all are with it; else which of them are not, nothing after them having been ordered.</summary>
    private static async Task<AdminReply?> NotOrderedAsync(
        AdminContext context, ImmutableArray<(string Id, IRegistryMessage Change)> changes, CancellationToken cancellationToken)
    {
        for (var number = 0; number < changes.Length; number++)
        {
            var ordered = await context.Node.ChangeAsync(changes[number].Change, AdminContext.Patience, cancellationToken).ConfigureAwait(false);
            if (ordered.Ending == PublishEnding.Confirmed)
                continue;
            var why = AdminContext.NotTaken(ordered.Ending, "pool show");
            return new AdminReply(AdminStatus.Failed, number == 0
                ? why
                : $"HALF DONE: '{changes[0].Id}' to '{changes[number - 1].Id}' ({number} of {changes.Length}) are ordered; from '{changes[number].Id}' on: {why}");
        }

        return null;
    }

    private static AdminReply NotHeard(AdminContext context) => new(
        AdminStatus.Failed,
        context.Node.JournalFault is { } fault
            ? $"not done yet: the journal does not write ({fault}); it is tried again until it does"
            : context.Node.Setup.Cluster is not null && context.Node.Nodes?.Acting(NodeRoles.Feed) is null or { IsGone: true }
            ? $"not seen to be done within {AdminContext.Patience.TotalSeconds:0} s: no node is the feed at the moment; the next that is does it: look with pool show"
            : $"not seen to be done within {AdminContext.Patience.TotalSeconds:0} s: look with why and pool show");

    private static bool TryFind(MarketShown market, string? id, out PoolShown pool, out AdminReply? fault)
    {
        pool = market.Pools.FirstOrDefault(pool => pool.Id.Value == id)!;
        fault = pool is not null ? null
            : string.IsNullOrEmpty(id) ? AdminReply.Bad("name a pool; pool list shows them")
            : AdminReply.No($"there is no pool '{AdminContext.Shown(id)}'{Suggestion.Clause(id, market.Pools.Select(pool => pool.Id.Value))}");
        return fault is null;
    }

    private static JsonObject Row(PoolShown pool, AdminContext context, HashSet<string> withheld)
    {
        var row = new JsonObject { ["pool"] = pool.Id.Value };
        if (context.Node.Setup.Cluster is not null)
            row["node"] = HolderOf(pool.Id, context);
        row["kind"] = pool.Configured?.Curve.Kind;
        row["tokens"] = pool.Configured is { } configured ? string.Join('/', configured.Tokens) : null;
        row["fee"] = pool.Configured?.Fee;
        row["price"] = Price(pool);
        row["slot"] = pool.Newest?.At.NewestSlot;
        row["updates"] = pool.Newest?.Sequence;
        AddTokenFees(row, "tokenFees", pool.Configured?.TokenFees ?? []);
        AddTokenFees(row, "tokenFeesOut", pool.Configured?.TokenFeesOut ?? []);
        row["state"] = pool.Configured is null ? "retired"
            : pool.Newest is null ? "not observed"
            : withheld.Contains(pool.Id.Value) ? "withheld"
            : "traded";
        return row;
    }

    /// <summary>The node that holds the pool's shard, as far as this node has heard.</summary>
    private static string HolderOf(PoolId id, AdminContext context) => context.Node.Nodes?.Holding(Shards.Of(id)) is not { } holder ? "none"
        : holder.IsGone ? $"{holder.Announced.Node} (gone)"
        : holder.Announced.Node;

    /// <summary>Only for pools that have them: a column in which hardly a row says anything is none.</summary>
    private static void AddTokenFees(JsonObject row, string name, ImmutableArray<double> fees)
    {
        if (!fees.IsEmpty)
            row[name] = new JsonArray([.. fees.Select(fee => (JsonNode)fee)]);
    }

    /// <summary>What the next small unit of the first token fetches of the second.</summary>
    private static double? Price(PoolShown pool) =>
        pool is { Configured: { } configured, Newest: { } newest } && configured.Curve.State.Length == newest.Reserves.Length
            && PoolQuotes.MarginalPrice(configured with { Curve = configured.Curve.WithState(newest.Reserves) }, 0, 1) is var price && double.IsFinite(price)
            ? price
            : null;
}
