using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace QTrade.Markets.Kinds;

/// <summary>The table of pool kinds by name. A program enters its own kinds at start, before it reads a market.</summary>
public static class PoolKinds
{
    private static ImmutableDictionary<string, PoolKind> _kinds = Standard();

    /// <summary>The names of all kinds, for messages.</summary>
    public static string Names => string.Join(", ", Volatile.Read(ref _kinds).Keys.Order(StringComparer.Ordinal));

    /// <summary>Enters a kind.</summary>
    /// <exception cref="ArgumentException">Another kind has that name.</exception>
    public static void Register(PoolKind kind)
    {
        if (!ImmutableInterlocked.TryAdd(ref _kinds, kind.Name, kind) && Volatile.Read(ref _kinds)[kind.Name].GetType() != kind.GetType())
            throw new ArgumentException($"another kind of pool is named '{kind.Name}'", nameof(kind));
    }

    /// <summary>The kind of that name, if there is one.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out PoolKind? kind) => Volatile.Read(ref _kinds).TryGetValue(name, out kind);

    private static ImmutableDictionary<string, PoolKind> Standard()
    {
        var kinds = ImmutableDictionary.CreateBuilder<string, PoolKind>(StringComparer.Ordinal);
        foreach (var kind in new PoolKind[] { new ProductKind(), new WeightedKind(), new SumKind(), new StableKind(), new ConcentratedKind(), new BinsKind() })
            kinds.Add(kind.Name, kind);
        return kinds.ToImmutable();
    }
}
