using System.Collections.Immutable;
using System.Text.Json;
using QTrade.Markets.Arithmetic;
using QTrade.Markets.Files;
using QTrade.Markets.Quotes;

namespace QTrade.Markets.Kinds;

/// <summary>
/// Everything that is particular to one kind of pool: its fields in market files, what they may be, and its exact arithmetic.
/// A new kind is one class derived from this and one derived from <see cref="PoolCurve"/>, entered into <see cref="PoolKinds"/> at start.
/// </summary>
public abstract class PoolKind
{
    /// <summary>Its name in market files, also its curves' <see cref="PoolCurve.Kind"/>.</summary>
    public abstract string Name { get; }

    /// <summary>Reads the kind's own fields of a pool with this many tokens. Only shapes matter here; <see cref="Check"/> judges the numbers.</summary>
    public abstract PoolCurve Read(in JsonObject fields, int tokens);

    /// <summary>Writes the kind's own fields into the pool's object.</summary>
    public abstract void Write(PoolCurve curve, Utf8JsonWriter json);

    /// <summary>What is wrong with the pool's curve, or null. The fields common to all kinds are in order by then.</summary>
    public abstract FieldFault? Check(Pool pool);

    /// <summary>Whether <see cref="ExactOut"/> rests on approximations, so that the least tender is found by asking <see cref="ExactIn"/> beside it.</summary>
    public virtual bool ApproximatesExactOut => false;

    /// <summary>
    /// The most that comes out for a tender, both fixed amounts, rounded down: never more than the curve gives. Of two tenders the larger
    /// fetches no less. May throw <see cref="OverflowException"/> where a number is out of range.
    /// </summary>
    public abstract QuoteError ExactIn(in Leg leg, in UInt256 tender, out PoolFill fill);

    /// <summary>The least tender for which <see cref="ExactIn"/> gives that much, rounded up: never less than the curve takes.</summary>
    public abstract QuoteError ExactOut(in Leg leg, in UInt256 receive, out PoolFill fill);

    /// <summary>What the next small tender fetches per unit in that state of the leg's pool, after fees; 0 where there is nothing to fetch.</summary>
    public abstract double MarginalPrice(in Leg leg, PoolCurve curve);

    /// <summary>A fault unless the pool has two tokens.</summary>
    protected static FieldFault? TwoTokens(Pool pool) =>
        pool.Tokens.Length == 2 ? null : new FieldFault("tokens", $"a {pool.Curve.Kind} pool has two tokens, not {pool.Tokens.Length}");

    /// <summary>Writes an array of numbers, each so that it reads back to the same bits.</summary>
    protected static void WriteNumbers(Utf8JsonWriter json, string name, ImmutableArray<double> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
