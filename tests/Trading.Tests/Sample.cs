using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Trading.Routing;

namespace QTrade.Trading.Tests;

/// <summary>Small pieces of markets that specs are told in.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static PositionVector At(ulong slot, ulong writeVersion = 0) => new(new ChainPosition(slot, writeVersion));

    public static Token Token(string id, double value, double holding = 0) =>
        new() { Id = new TokenId(id), Value = value, Holding = holding };

    public static Pool Product(string id, string token0, string token1, double reserve0, double reserve1, double fee = 0.003) => new()
    {
        Id = new PoolId(id),
        Tokens = [new(token0), new(token1)],
        Fee = fee,
        Curve = new ProductCurve([reserve0, reserve1]),
    };

    public static Market Market(ImmutableArray<Token> tokens, params Pool[] pools) =>
        new() { Name = "sample", Tokens = tokens, Pools = [.. pools] };

    /// <summary>A view that has heard of every token and pool, each pool observed at a slot.</summary>
    public static MarketView View(Market market, ulong slot, bool trustsNothing = false, bool awaitsTerm = false)
    {
        var view = new MarketView(market.Units, trustsNothing, awaitsTerm);
        foreach (var token in market.Tokens)
            view.Apply(new TokenRegistered(1, token));
        foreach (var pool in market.Pools)
        {
            view.Apply(new PoolConfigured(1, pool));
            view.Apply(new ReservesChanged(pool.Id, 1, pool.Curve.State, At(slot)));
        }

        return view;
    }
}
