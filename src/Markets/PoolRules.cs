using System.Collections.Immutable;
using QTrade.Markets.Kinds;

namespace QTrade.Markets;

/// <summary>What the numbers of a pool may be, wherever the pool comes from. Foreign numbers pass here before anything computes with them.</summary>
public static class PoolRules
{
    /// <summary>What is wrong with the pool, or null.</summary>
    public static FieldFault? Check(Pool pool)
    {
        if (string.IsNullOrEmpty(pool.Id.Value))
            return new FieldFault("id", "must not be empty");
        if (!PoolKinds.TryGet(pool.Curve.Kind, out var kind))
            return new FieldFault("kind", $"'{pool.Curve.Kind}' is not a kind of pool; the kinds are {PoolKinds.Names}");
        return CheckTokens(pool) ?? CheckFees(pool) ?? CheckBounds(pool) ?? kind.Check(pool);
    }

    /// <summary>What is wrong with a new state for the pool, or null.</summary>
    public static FieldFault? CheckState(Pool pool, ImmutableArray<double> state)
    {
        var length = pool.Curve.State.Length;
        if (state.IsDefault || state.Length != length)
            return new FieldFault("state", $"must hold {length} numbers, not {(state.IsDefault ? 0 : state.Length)}");
        return PoolKinds.TryGet(pool.Curve.Kind, out var kind)
            ? kind.Check(pool with { Curve = pool.Curve.WithState(state) })
            : new FieldFault("kind", $"'{pool.Curve.Kind}' is not a kind of pool; the kinds are {PoolKinds.Names}");
    }

    /// <summary>A fault unless there are this many numbers.</summary>
    public static FieldFault? Length(string field, ImmutableArray<double> numbers, int length) =>
        numbers.IsDefault || numbers.Length != length
            ? new FieldFault(field, $"must hold {length} numbers, not {(numbers.IsDefault ? 0 : numbers.Length)}")
            : null;

    /// <summary>A fault unless the number is finite and at least 0.</summary>
    public static FieldFault? NotNegative(string field, double number) =>
        number >= 0 && double.IsFinite(number) ? null : new FieldFault(field, "must be a finite number of at least 0");

    /// <summary>A fault unless the number is finite and above 0.</summary>
    public static FieldFault? Positive(string field, double number) =>
        number > 0 && double.IsFinite(number) ? null : new FieldFault(field, "must be a finite number above 0");

    /// <summary>A fault unless the number is a fee: 0 up to 1 exclusive.</summary>
    public static FieldFault? Fee(string field, double number) =>
        number is >= 0 and < 1 ? null : new FieldFault(field, "must be a fee from 0 up to, but not, 1");

    /// <summary>A fault unless every number is finite and at least 0.</summary>
    public static FieldFault? NotNegative(string field, ImmutableArray<double> numbers)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            if (NotNegative("", numbers[i]) is { } fault)
                return fault with { Field = $"{field}[{i}]" };
        }

        return null;
    }

    /// <summary>A fault unless every number is finite and above 0.</summary>
    public static FieldFault? Positive(string field, ImmutableArray<double> numbers)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            if (Positive("", numbers[i]) is { } fault)
                return fault with { Field = $"{field}[{i}]" };
        }

        return null;
    }

    /// <summary>A fault unless every number is above the one before.</summary>
    public static FieldFault? Ascending(string field, ImmutableArray<double> numbers)
    {
        for (var i = 1; i < numbers.Length; i++)
        {
            if (!(numbers[i] > numbers[i - 1]))
                return new FieldFault($"{field}[{i}]", "must be above the one before it");
        }

        return null;
    }

    private static FieldFault? CheckTokens(Pool pool)
    {
        if (pool.Tokens.IsDefault || pool.Tokens.Length < 2)
            return new FieldFault("tokens", "must name at least two tokens");
        HashSet<TokenId> seen = [];
        for (var i = 0; i < pool.Tokens.Length; i++)
        {
            if (!seen.Add(pool.Tokens[i]))
                return new FieldFault($"tokens[{i}]", $"'{pool.Tokens[i]}' is named twice");
        }

        return null;
    }

    private static FieldFault? CheckFees(Pool pool) =>
        Fee("fee", pool.Fee) ?? Fee("feeOut", pool.FeeOut)
        ?? CheckTokenFees("tokenFees", pool.TokenFees, pool) ?? CheckTokenFees("tokenFeesOut", pool.TokenFeesOut, pool);

    private static FieldFault? CheckTokenFees(string field, ImmutableArray<double> fees, Pool pool)
    {
        if (fees.IsEmpty)
            return null;
        if (Length(field, fees, pool.Tokens.Length) is { } fault)
            return fault;
        for (var i = 0; i < fees.Length; i++)
        {
            if (Fee("", fees[i]) is { } wrong)
                return wrong with { Field = $"{field}[{i}]" };
        }

        return null;
    }

    private static FieldFault? CheckBounds(Pool pool)
    {
        if (pool.MaxTender.IsDefaultOrEmpty)
            return null;
        if (Length("maxTender", pool.MaxTender, pool.Tokens.Length) is { } fault)
            return fault;
        for (var i = 0; i < pool.MaxTender.Length; i++)
        {
            if (!(pool.MaxTender[i] >= 0))
                return new FieldFault($"maxTender[{i}]", "must be at least 0");
        }

        return null;
    }
}
