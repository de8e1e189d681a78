using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using QTrade.Markets;
using QTrade.Markets.Quotes;
using QTrade.Messages;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Node.Actors;
using QTrade.Node.Configuration;
using QTrade.Trading.Routing;

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
        return AdminReply.Done(new JsonArray([.. market.Pools.Select(pool => Row(pool, context))]), $"{market.Pools.Length} pools at slot {market.Slot}");
    }

    public static async Task<AdminReply> ShowAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var market = await MarketAsync(context, cancellationToken).ConfigureAwait(false);
        if (!TryFind(market, context.Request["id"], out var pool, out var fault))
            return fault!;
        var shown = Row(pool, context);
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
            shown["maxTender"] = new JsonArray([.. configured.MaxTender.Select(bound => double.IsFinite(bound) ? (JsonNode?)bound : null)]);
        }

        return AdminReply.Done(shown);
    }

    public static async Task<AdminReply> AddAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Request["pool"] is not { } text)
            return AdminReply.Bad("the pool is missing: pool add FILE");
        var known = await MarketAsync(context, cancellationToken).ConfigureAwait(false);
        if (!PoolFileOf.TryRead(text, AdminContext.Shown(context.Request["file"] ?? "pool"), context.Node.Setup.Market.Units, known, out var market, out var error))
            return AdminReply.Bad(error);
        if (market.Pools.Length > AddedMax)
            return AdminReply.Bad($"{market.Pools.Length} pools are too many at once: at most {AddedMax}");
        var ids = known.Tokens.Select(token => token.Id).ToHashSet();
        foreach (var token in market.Tokens.Where(token => !ids.Contains(token.Id)))
            context.Node.Change(new ChangeToken(new RegisterToken(token)));
        foreach (var pool in market.Pools)
            context.Node.Change(new ChangePool(new ConfigurePool(pool) { By = context.By }));
        if (!await SeenAsync(context, market.Pools, pool => pool?.Configured is not null, cancellationToken).ConfigureAwait(false))
            return NotHeard(context);
        foreach (var pool in market.Pools)
            context.Node.Observe(new ObserveReserves(pool.Id, pool.Curve.State, new PositionVector(new ChainPosition(known.Slot, 0))));
        return AdminReply.Done(
            new JsonArray([.. market.Pools.Select(pool => new JsonObject { ["pool"] = pool.Id.Value, ["added"] = true })]),
            context.Node.Setup.Feed is null
                ? "added, in the state that the file gives, restarts included"
                : "added, in the state that the file gives, until the node stops: a live feed finds its pools by itself");
    }

    public static async Task<AdminReply> RetireAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var market = await MarketAsync(context, cancellationToken).ConfigureAwait(false);
        if (!TryFind(market, context.Request["id"], out var pool, out var fault))
            return fault!;
        if (pool.Configured is not { } configured)
            return AdminReply.No($"pool '{pool.Id}' is retired already");
        context.Node.Change(new ChangePool(new RetirePool(pool.Id) { By = context.By }));
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

            foreach (var pool in pools)
            {
                if (shown.TryGetValue(pool.Id, out var before)
                    && ReferenceEquals(before.Newest, pool.Newest) && ReferenceEquals(before.Configured, pool.Configured))
                    continue;
                shown[pool.Id] = pool;
                yield return AdminReply.Done(Row(pool, context));
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }

    private static Task<MarketShown> MarketAsync(AdminContext context, CancellationToken cancellationToken) =>
        context.Node.MarketAsync(AdminContext.Patience, cancellationToken);

    /// <summary>Whether the router has heard, which it does once it is durable.</summary>
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

    private static AdminReply NotHeard(AdminContext context) => new(
        Web.Admin.AdminStatus.Failed,
        context.Node.JournalFault is { } fault
            ? $"not done yet: the journal does not write ({fault}); it is tried again until it does"
            : $"not seen to be done within {AdminContext.Patience.TotalSeconds:0} s: look with why and pool show");

    private static bool TryFind(MarketShown market, string? id, out PoolShown pool, out AdminReply? fault)
    {
        pool = market.Pools.FirstOrDefault(pool => pool.Id.Value == id)!;
        fault = pool is not null ? null
            : string.IsNullOrEmpty(id) ? AdminReply.Bad("name a pool; pool list shows them")
            : AdminReply.No($"there is no pool '{AdminContext.Shown(id)}'{Suggestion.Clause(id, market.Pools.Select(pool => pool.Id.Value))}");
        return fault is null;
    }

    private static JsonObject Row(PoolShown pool, AdminContext context)
    {
        var row = new JsonObject
        {
            ["pool"] = pool.Id.Value,
            ["kind"] = pool.Configured?.Curve.Kind,
            ["tokens"] = pool.Configured is { } configured ? string.Join('/', configured.Tokens) : null,
            ["fee"] = pool.Configured?.Fee,
            ["price"] = Price(pool),
            ["slot"] = pool.Newest?.At.NewestSlot,
            ["updates"] = pool.Newest?.Sequence,
        };
        AddTokenFees(row, "tokenFees", pool.Configured?.TokenFees ?? []);
        AddTokenFees(row, "tokenFeesOut", pool.Configured?.TokenFeesOut ?? []);
        row["state"] = pool.Configured is null ? "retired"
            : pool.Newest is null ? "not observed"
            : context.Node.Router.Withheld.ContainsKey(pool.Id) ? "withheld"
            : "traded";
        return row;
    }

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
