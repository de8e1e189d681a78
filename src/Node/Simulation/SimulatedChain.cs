using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Markets.Quotes;
using QTrade.Markets.Venues;
using QTrade.Messages;
using QTrade.Solver.Arithmetic;

namespace QTrade.Node.Simulation;

/// <summary>
/// A chain of its own making: noise traders swap through real pools by the pools' exact trading functions and pull each price
/// loosely towards values that walk at random, so that mispricings open and close as they do on chain; our own swaps move the pools
/// too. Every draw is a function of (seed, slot, swap), so that a chain that begins at the same slot from the same states lives the same
/// life. It never throws: a swap that a pool refuses is counted and left out.
/// </summary>
public sealed class SimulatedChain
{
    private const ulong SwapStream = 1UL << 40;
    private const int SwapsPerSlotBits = 24;
    private const int Requotes = 2;

    // A noise trader leaves a pool alone where the next price is further away than this many of the largest moves: across a gap in its liquidity.
    private const double JumpMax = 4;

    private readonly SimulatedChainOptions _options;
    private readonly SwapVenue _venue;
    private readonly ValueWalk _walk;
    private readonly ulong _firstSlot;
    private readonly Dictionary<TokenId, int> _indices;
    private Pool[] _pools;
    private SwapSizes[] _sizes;
    private int[][] _tokens;
    private double[][] _firstDeviation;
    private double[] _references;
    private double[] _values;
    private ulong[] _valuesAt;
    private ChainPosition[] _shownAt;
    private ulong _writeVersion;
    private ulong _swapInSlot;

    /// <param name="market">The market as the chain begins; its slot is the chain's first.</param>
    /// <param name="options">How it lives.</param>
    public SimulatedChain(Market market, SimulatedChainOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.UpdatesPerSecond);
        _options = options;
        _venue = new SwapVenue(market);
        _walk = new ValueWalk(options.Seed, options.ValueDeviationPerSlot);
        _firstSlot = (ulong)Math.Max(0, market.Slot ?? 0);
        Slot = _firstSlot;
        _pools = [.. market.Pools];
        _shownAt = new ChainPosition[_pools.Length];
        _sizes = [.. market.Pools.Select(pool => SwapSizes.Of(pool, _venue))];

        _indices = market.Tokens.Select((token, index) => (token.Id, index)).ToDictionary(pair => pair.Id, pair => pair.index);
        _tokens = [.. market.Pools.Select(pool => pool.Tokens.Select(id => _indices[id]).ToArray())];
        _references = ReferenceValues.Of(market, Edges());
        _values = [.. _references];
        _valuesAt = new ulong[_values.Length];
        Array.Fill(_valuesAt, _firstSlot);
        _firstDeviation = [.. Enumerable.Range(0, _pools.Length).Select(FirstDeviation)];
    }

    /// <summary>How long a slot takes.</summary>
    public static TimeSpan SlotTime { get; } = TimeSpan.FromMilliseconds(400);

    /// <summary>The slot that swaps fall into now.</summary>
    public ulong Slot { get; private set; }

    /// <summary>Swaps that moved a pool.</summary>
    public long Swaps { get; private set; }

    /// <summary>Swaps that a pool refused: it is empty on that side, or its price stands beyond its liquidity.</summary>
    public long Refused { get; private set; }

    public int PoolCount => _pools.Length;

    /// <summary>A pool in its present state.</summary>
    public Pool this[int pool] => _pools[pool];

    /// <summary>Puts a pool into a state that was observed before, and the chain behind that observation.</summary>
    /// <returns>False where the state does not fit the pool, which then keeps its own.</returns>
    public bool TryResume(int pool, ImmutableArray<double> state, ulong slot, VenueState? venue = null)
    {
        if (state.IsDefault || state.Length != _pools[pool].Curve.State.Length || PoolRules.CheckState(_pools[pool], state) is not null)
            return false;
        _pools[pool] = _pools[pool] with { Curve = _pools[pool].Curve.WithState(state), Venue = venue };
        if (slot >= Slot)
            MoveTo(slot + 1);
        return true;
    }

    /// <summary>A token that pools may be added of; one that is known stays as it is.</summary>
    public void Know(Token token)
    {
        if (!_indices.TryAdd(token.Id, _references.Length))
            return;
        _venue.Know(token);
        _references = [.. _references, token.Value];
        _values = [.. _values, token.Value];
        _valuesAt = [.. _valuesAt, ulong.MaxValue];
    }

    /// <summary>
    /// Takes up a pool that was added or changed while the chain lives: from the next swap on it is among those that move. One that the chain has goes on in the
    /// state that it has there.
    /// </summary>
    /// <returns>Its place; null where a token of it is unknown.</returns>
    public int? Add(Pool pool)
    {
        if (!pool.Tokens.All(_indices.ContainsKey))
            return null;
        var place = Array.FindIndex(_pools, known => known.Id == pool.Id);
        if (place >= 0)
        {
            var (state, venue) = (_pools[place].Curve.State, _pools[place].Venue);
            _pools[place] = state.Length == pool.Curve.State.Length && PoolRules.CheckState(pool, state) is null
                ? pool with { Curve = pool.Curve.WithState(state), Venue = venue }
                : pool;
        }
        else
        {
            place = _pools.Length;
            _pools = [.. _pools, pool];
            Array.Resize(ref _sizes, place + 1);
            Array.Resize(ref _tokens, place + 1);
            Array.Resize(ref _firstDeviation, place + 1);
            Array.Resize(ref _shownAt, place + 1);
        }

        _sizes[place] = SwapSizes.Of(_pools[place], _venue);
        _tokens[place] = [.. pool.Tokens.Select(id => _indices[id])];
        ValueUnknown(_pools[place], _tokens[place]);
        _firstDeviation[place] = FirstDeviation(place);
        return place;
    }

    /// <summary>Whether a pool was observed at a later position than this chain last showed it at: by another chain, which went on in its place.</summary>
    public bool IsBehind(int pool, ChainPosition observed) => observed.CompareTo(_shownAt[pool]) > 0;

    /// <summary>The next slot begins.</summary>
    public void AdvanceSlot() => MoveTo(Slot + 1);

    /// <summary>Shows a pool as it stands, at a position of its own.</summary>
    public ChainObservation Observe(int pool) => new(pool, _pools[pool].Curve.State, NextPosition(pool), _pools[pool].Venue);

    /// <summary>Lets one noise trader swap; false where the pool refused.</summary>
    public bool TryNoise(out ChainObservation observation)
    {
        var draw = (Slot << SwapsPerSlotBits) | _swapInSlot++;
        var pool = CounterRandom.Index(CounterRandom.Bits(_options.Seed, SwapStream, draw), _pools.Length);
        var (token0, token1) = Pair(pool, draw);
        observation = default;
        if (!SwapVenue.TryPrice(_pools[pool], token0, token1, out var price))
            return Refuse();

        // The wanted move of the price, token 1 per token 0, as a share of it; small, so that shares and logarithms agree.
        var target = Target(pool, token0, token1);
        var noise = (_options.NoisePerFee * _pools[pool].Fee) + _options.NoiseFloor;
        var move = (_options.Pull * ((target / price) - 1)) + (noise * CounterRandom.Normal(_options.Seed, SwapStream + 1, draw));
        move = Math.Clamp(double.IsNaN(move) ? 0 : move, -_options.MoveMax, _options.MoveMax);
        var (down, up) = ((token0, token1), (token1, token0));
        var (wanted, other) = move < 0 ? (down, up) : (up, down);

        // Where the pool has nothing more to give on one side, somebody trades on the other.
        return TryMove(pool, wanted, Math.Abs(move), out observation)
            || TryMove(pool, other, noise, out observation)
            || Refuse();
    }

    /// <summary>
    /// Swaps exactly this amount into a pool; false where the pool refuses it, or would give less than <paramref name="leastOut"/>, as a
    /// transaction fails on chain whose limit is passed.
    /// </summary>
    public bool TrySwap(int pool, int tokenIn, int tokenOut, double amountIn, double leastOut, out ChainObservation observation)
    {
        observation = default;
        if (_venue.Quote(_pools[pool], tokenIn, tokenOut, amountIn, out var quote) != QuoteError.None || quote.ReceiveOut < leastOut)
            return Refuse();
        observation = Settle(pool, quote);
        return true;
    }

    private bool TryMove(int pool, (int In, int Out) tokens, double move, out ChainObservation observation)
    {
        observation = default;
        var (tokenIn, tokenOut) = tokens;
        var amount = _sizes[pool][tokenIn, tokenOut] * (move / SwapSizes.ProbeMove);
        var found = false;
        Quote best = default;
        for (var quotes = 0; quotes <= Requotes; quotes++)
        {
            switch (_venue.Quote(_pools[pool], tokenIn, tokenOut, amount, out var quote))
            {
                case QuoteError.None:
                    (found, best) = (true, quote);
                    break;
                case QuoteError.InvalidAmount:
                    amount *= 8;
                    continue;
                default:
                    amount *= 0.25;
                    continue;
            }

            var moved = SwapVenue.Move(best);
            if (moved == 0 || (moved < 2 * move && moved > 0.5 * move))
                break;
            amount *= Math.Clamp(move / moved, 0.05, 8);
        }

        if (!found || SwapVenue.Move(best) > JumpMax * _options.MoveMax)
            return false;
        observation = Settle(pool, best);
        return true;
    }

    private ChainObservation Settle(int pool, in Quote quote)
    {
        _pools[pool] = _pools[pool] with { Curve = quote.After, Venue = quote.VenueAfter };
        Swaps++;
        return new ChainObservation(pool, quote.After.State, NextPosition(pool), quote.VenueAfter);
    }

    private bool Refuse()
    {
        Refused++;
        return false;
    }

    private void MoveTo(ulong slot)
    {
        Slot = slot;
        _writeVersion = 0;
        _swapInSlot = 0;
    }

    private ChainPosition NextPosition(int pool) => _shownAt[pool] = new(Slot, ++_writeVersion);

    private (int Token0, int Token1) Pair(int pool, ulong draw)
    {
        var count = _tokens[pool].Length;
        if (count == 2)
            return (0, 1);
        var first = CounterRandom.Index(CounterRandom.Bits(_options.Seed, SwapStream + 2, draw), count);
        var second = CounterRandom.Index(CounterRandom.Bits(_options.Seed, SwapStream + 3, draw), count - 1);
        second = second < first ? second : second + 1;
        return first < second ? (first, second) : (second, first);
    }

    private double Target(int pool, int token0, int token1)
    {
        var tokens = _tokens[pool];
        var deviation = _firstDeviation[pool][(token0 * tokens.Length) + token1];
        var fade = 1 + ((double)(Slot - _firstSlot) / _options.FadeSlots);
        return Value(tokens[token0]) / Value(tokens[token1]) * (1 + ((deviation - 1) / fade));
    }

    private double Value(int token)
    {
        if (_valuesAt[token] != Slot)
        {
            _values[token] = _references[token] * Elementary.Exp(_walk.At(token, Slot - _firstSlot));
            _valuesAt[token] = Slot;
        }

        return _values[token];
    }

    /// <summary>What tokens without a market value are worth by the pool that brings them.</summary>
    private void ValueUnknown(Pool pool, int[] tokens)
    {
        var known = Array.FindIndex(tokens, token => _references[token] > 0);
        for (var token = 0; token < tokens.Length; token++)
        {
            if (_references[tokens[token]] > 0)
                continue;
            _references[tokens[token]] = known >= 0 && SwapVenue.TryPrice(pool, token, known, out var price) ? price * _references[tokens[known]] : 1;
        }
    }

    private double[] FirstDeviation(int pool)
    {
        var tokens = _tokens[pool];
        var deviations = new double[tokens.Length * tokens.Length];
        Array.Fill(deviations, 1);
        for (var token0 = 0; token0 < tokens.Length; token0++)
        {
            for (var token1 = token0 + 1; token1 < tokens.Length; token1++)
            {
                if (SwapVenue.TryPrice(_pools[pool], token0, token1, out var price))
                    deviations[(token0 * tokens.Length) + token1] = price * _references[tokens[token1]] / _references[tokens[token0]];
            }
        }

        return deviations;
    }

    private List<PriceEdge> Edges()
    {
        var edges = new List<PriceEdge>();
        for (var pool = 0; pool < _pools.Length; pool++)
        {
            var tokens = _tokens[pool];
            for (var token0 = 0; token0 < tokens.Length; token0++)
            {
                for (var token1 = token0 + 1; token1 < tokens.Length; token1++)
                {
                    if (SwapVenue.TryPrice(_pools[pool], token0, token1, out var price))
                        edges.Add(new PriceEdge(tokens[token0], tokens[token1], price, _sizes[pool][token0, token1], _sizes[pool][token1, token0]));
                }
            }
        }

        return edges;
    }
}
