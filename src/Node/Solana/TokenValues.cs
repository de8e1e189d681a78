using QTrade.Solana;

namespace QTrade.Node.Solana;

/// <summary>
/// Market values c: those that are given, and for asked-for tokens the price in the deepest pool against a token that has a value already. Depth
/// is the value that it takes to move that pool's price by one percent. A token without a pool deep enough has no value, which counts as 0.
/// </summary>
internal static class TokenValues
{
    private const double Move = 0.01;
    private const int Halvings = 60;

    /// <summary>Adds to the given values those of other tokens, deepest pools first.</summary>
    /// <param name="pools">The pools.</param>
    /// <param name="given">Value of one base unit by mint.</param>
    /// <param name="isWanted">The tokens to value; others stay without.</param>
    /// <param name="depthMin">The least depth that is trusted, in value.</param>
    public static Dictionary<Address, TokenValue> Of(
        IReadOnlyList<SolanaPool> pools, IReadOnlyDictionary<Address, double> given, Func<Address, bool> isWanted, double depthMin)
    {
        var values = given.ToDictionary(entry => entry.Key, entry => new TokenValue(entry.Value));
        while (Deepest(pools, values, isWanted, depthMin) is var (mint, value) && value.Pool is not null)
            values[mint] = value;
        return values;
    }

    private static (Address Mint, TokenValue Value) Deepest(
        IReadOnlyList<SolanaPool> pools, Dictionary<Address, TokenValue> values, Func<Address, bool> isWanted, double depthMin)
    {
        (Address Mint, TokenValue Value) best = (default, default);
        foreach (var pool in pools)
        {
            var (has0, has1) = (values.TryGetValue(pool.Mint0, out var value0), values.TryGetValue(pool.Mint1, out var value1));
            if (has0 == has1 || !isWanted(has0 ? pool.Mint1 : pool.Mint0))
                continue;
            var price = pool.State.Price;
            var known = has0 ? value0.Value : value1.Value;
            var value = has0 ? known / price : known * price;
            // Given to the pool, the token with a value moves its price; both ways count, the lesser of them.
            var depth = Math.Min(DepthOf(pool, zeroForOne: has0, known), DepthOf(pool, zeroForOne: !has0, value));
            if (depth >= depthMin && depth > best.Value.Depth && double.IsFinite(value) && value > 0)
                best = (has0 ? pool.Mint1 : pool.Mint0, new TokenValue(value, pool.Address, depth, pool.Clock));
        }

        return best;
    }

    // Value that moves the price by a percent, by halving.
    private static double DepthOf(SolanaPool pool, bool zeroForOne, double valueIn)
    {
        var start = pool.State.Price;
        var (low, high) = (0UL, ulong.MaxValue >> 1);
        for (var i = 0; i < Halvings && low + 1 < high; i++)
        {
            var middle = low + (high - low) / 2;
            var within = pool.State.ExactIn(zeroForOne, middle, out var fill) == Markets.Venues.VenueRefusal.None
                && Math.Abs(fill.PriceAfter / start - 1) <= Move
                && fill.VaultIn >= middle / 2;
            (low, high) = within ? (middle, high) : (low, middle);
        }

        return low * valueIn;
    }
}
