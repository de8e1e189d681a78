using System.Collections.Immutable;
using QTrade.Markets;

namespace QTrade.Shared.MarketFamilies;

/// <summary>
/// Markets like Solana's: tokens 0 to 2 are hubs (two dollars and a coin of 150), two more dollars follow, and the rest is a long tail
/// of values between 1e-6 and 1e4; most pools join a tail token with a hub, and their price is off its tokens' values by a little.
/// </summary>
internal sealed class HubMarkets
{
    private const int Hubs = 3;
    private const int FirstWithMoreDollars = 9;

    private static readonly double[] Fees = [1e-4, 5e-4, 0.0025, 0.003, 0.01, 0.05, 0.3];
    private static readonly double[] FeeShares = [0.1, 0.1, 0.3, 0.3, 0.15, 0.04, 0.01];
    private static readonly string[] MixedKinds = ["product", "concentrated", "bins", "weighted", "stable", "sum"];
    private static readonly double[] MixedShares = [45, 25, 12, 6, 6, 6];

    private readonly HubSettings settings;
    private readonly Draws draws;
    private readonly double[] values;
    private readonly double[] units;
    private readonly int[] decimals;
    private readonly int[] components;

    private HubMarkets(int pools, int seed, HubSettings settings)
    {
        this.settings = settings;
        draws = new Draws((ulong)seed);
        int count = Math.Max(5, (int)(pools * 0.45));
        values = new double[count];
        units = new double[count];
        decimals = new int[count];
        components = new int[count];
        for (int j = 0; j < count; j++)
        {
            bool dollar = j is 0 or 2 || (j is 3 or 4 && count >= FirstWithMoreDollars);
            double usd = dollar ? 1 : j == 1 ? 150 : draws.PowerOfTen(-6, 4);
            decimals[j] = j switch { 0 or 2 or 3 => 6, 1 or 4 => 9, _ => draws.One(6, 9) };
            units[j] = !settings.BaseUnits ? 1 : decimals[j] == 6 ? 1e6 : 1e9;
            values[j] = usd / units[j];
            components[j] = j < Hubs ? Math.Min(j, settings.Components - 1) : draws.Below(settings.Components);
        }
    }

    private int TokenCount => values.Length;

    public static Market Make(int pools, int seed, HubSettings settings) => new HubMarkets(pools, seed, settings).Make(pools);

    private Market Make(int pools)
    {
        var made = ImmutableArray.CreateBuilder<Pool>(pools);
        for (int i = 0; i < pools; i++)
        {
            string kind = Kind();
            if (Ends(i, kind) is not var (a, b))
                continue;
            made.Add(kind == "weighted" && settings.Kinds == HubKinds.ManyTokens ? ManyTokens(i, a, b) : TwoTokens(i, kind, a, b));
        }
        return new Market
        {
            Name = "hub",
            Units = settings.BaseUnits ? AmountUnit.Base : AmountUnit.Whole,
            Tokens = [.. Enumerable.Range(0, TokenCount).Select(j => new Token
            {
                Id = Id(j),
                Value = settings.OnlyHubsValued && j >= Hubs ? 0 : values[j],
                Decimals = decimals[j],
            })],
            Pools = made.ToImmutable(),
        };
    }

    private string Kind() => settings.Kinds switch
    {
        HubKinds.Mixed => draws.Weighted(MixedKinds, MixedShares),
        HubKinds.Concentrated => "concentrated",
        HubKinds.Bins => "bins",
        HubKinds.Stable => "stable",
        HubKinds.ManyTokens => draws.One("product", "weighted"),
        _ => draws.Weighted(["product", "weighted"], [60, 10]),
    };

    /// <summary>The two tokens that a pool joins; null where a component has no second one.</summary>
    private (int, int)? Ends(int i, string kind)
    {
        // Every token of the tail gets one pool first; the rest prefers the tokens that come early.
        double u = draws.Unit();
        int a = i < TokenCount - Hubs ? Hubs + i
            : draws.Chance(0.25) ? draws.Below(Hubs)
            : Hubs + (int)((TokenCount - Hubs) * u * u * Math.Sqrt(u));
        int b = draws.Chance(0.85) ? draws.Weighted([0, 1, 2], [0.4, 0.5, 0.1]) : draws.Below(TokenCount);
        if (kind is "stable" or "sum" && TokenCount >= FirstWithMoreDollars)
        {
            (int first, int second) = draws.Pair(4);
            ReadOnlySpan<int> dollars = [0, 2, 3, 4];
            (a, b) = (dollars[first], dollars[second]);
        }
        if (settings.Components > 1)
        {
            int[] others = [.. Enumerable.Range(0, TokenCount).Where(j => j != a && components[j] == components[a])];
            return others.Length == 0 ? null : (a, draws.One<int>(others));
        }
        return (a, a != b ? b : a == 1 ? 0 : 1);
    }

    private Pool TwoTokens(int i, string kind, int a, int b)
    {
        double locked = draws.PowerOfTen(settings.LowestValue, settings.HighestValue);
        double fee = draws.Weighted<double>(Fees, FeeShares);
        double deviation = settings.Mispricing * (draws.Chance(settings.Outliers) ? 40 : 1);
        // Token b per token a.
        double price = values[a] / values[b] * draws.LogNormal(deviation);
        double reserveA = locked / 2 / values[a], reserveB = reserveA * price;
        PoolCurve curve;
        if (settings.Degenerate > 0 && draws.Chance(settings.Degenerate))
        {
            curve = draws.Chance(0.5) ? new ProductCurve([0, 0]) : new ProductCurve([reserveA, 0]);
        }
        else
        {
            (curve, fee) = kind switch
            {
                "weighted" => (Weighted(reserveA, reserveB), fee),
                "sum" => (new SumCurve(Shared(locked, a, b, 0, 1), Rates(a, b)), draws.One(1e-4, 5e-4, 0.001)),
                "stable" => (new StableCurve(Shared(locked, a, b, 0.2, 0.8), draws.One(10.0, 100, 1000), Rates(a, b)), draws.One(1e-4, 4e-4)),
                "concentrated" => (Concentrated(price, locked / 2 / values[b] / Math.Sqrt(price)), fee),
                "bins" => (Bins(price, locked, values[b]), fee),
                _ => ((PoolCurve)new ProductCurve([reserveA, reserveB]), fee),
            };
        }
        return new Pool
        {
            Id = new($"p{i}"),
            Tokens = [Id(a), Id(b)],
            Fee = fee,
            FeeOut = settings.OutFees && draws.Chance(0.6) ? draws.One(1e-4, 0.003, 0.02) : 0,
            Curve = curve,
        };
    }

    private WeightedCurve Weighted(double reserveA, double reserveB)
    {
        double w = draws.One(0.8, 0.2, 0.6, 0.95);
        return new WeightedCurve([2 * w * reserveA, 2 * (1 - w) * reserveB], [w, 1 - w]);
    }

    private ImmutableArray<double> Shared(double locked, int a, int b, double low, double high)
    {
        double share = draws.Between(low, high);
        return [locked * share / values[a], locked * (1 - share) / values[b]];
    }

    private ImmutableArray<double> Rates(int a, int b) => [1 / units[a], 1 / units[b]];

    /// <summary>Intervals of one width around the price, their liquidity log-normal, one in twelve without any.</summary>
    private ConcentratedCurve Concentrated(double price, double depth)
    {
        // 1.0001 to the 10th, 60th and 200th, as tick spacings are.
        double ratio = draws.One(1.0010004501200210, 1.0060177134540204, 1.0202005017670220);
        int below = settings.Pieces / 4 + draws.Below(settings.Pieces / 2 + 1);
        double tick = price * (1 + (ratio - 1) * draws.Unit());
        for (int k = 0; k <= below; k++)
            tick /= ratio;
        var ticks = ImmutableArray.CreateBuilder<double>(settings.Pieces + 1);
        var liquidity = ImmutableArray.CreateBuilder<double>(settings.Pieces);
        for (int k = 0; k <= settings.Pieces; k++, tick *= ratio)
        {
            ticks.Add(tick);
            if (k < settings.Pieces)
                liquidity.Add(draws.Chance(0.08) ? 0 : 5 * depth * draws.LogNormal(0.7));
        }
        return new ConcentratedCurve(price, ticks.ToImmutable(), liquidity.ToImmutable());
    }

    /// <summary>Bins of one step around the price: token 1 below, token 0 above, both in the active one.</summary>
    private BinsCurve Bins(double price, double locked, double valueB)
    {
        double step = 1 + draws.One(0.0005, 0.002, 0.01);
        int active = settings.Pieces / 2;
        double binPrice = price;
        for (int k = 0; k < active; k++)
            binPrice /= step;
        var bins = ImmutableArray.CreateBuilder<Bin>(settings.Pieces);
        for (int k = 0; k < settings.Pieces; k++, binPrice *= step)
        {
            double worth = locked / settings.Pieces * draws.LogNormal(0.5) / valueB;
            double shareOfY = k > active ? 0 : k < active ? 1 : draws.Unit();
            double? fee = settings.BinFees && draws.Chance(0.5) ? draws.One(0, 0.001, 0.01) : null;
            bins.Add(new Bin(binPrice, worth * (1 - shareOfY) / binPrice, worth * shareOfY, fee));
        }
        return new BinsCurve(bins.ToImmutable());
    }

    private Pool ManyTokens(int i, int a, int b)
    {
        var tokens = new List<int> { a, b };
        for (int more = draws.Below(4); more > 0; more--)
        {
            int token = draws.Below(TokenCount);
            if (!tokens.Contains(token))
                tokens.Add(token);
        }
        double locked = draws.PowerOfTen(settings.LowestValue, settings.HighestValue);
        double[] weights = [.. tokens.Select(_ => draws.Between(0.1, 1))];
        double total = weights.Sum();
        double[] reserves = [.. tokens.Select((token, k) => locked * weights[k] / total / values[token] * draws.LogNormal(settings.Mispricing))];
        return new Pool
        {
            Id = new($"p{i}"),
            Tokens = [.. tokens.Select(Id)],
            Fee = draws.Weighted<double>(Fees, FeeShares),
            Curve = new WeightedCurve([.. reserves], [.. weights]),
        };
    }

    private static TokenId Id(int j) => new($"t{j}");
}
