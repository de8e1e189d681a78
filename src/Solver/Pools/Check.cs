using System.Collections.Immutable;

namespace QTrade.Solver.Pools;

/// <summary>What is wrong with a pool's numbers, in words; null where nothing is.</summary>
internal static class Check
{
    public static string? Reserves(ImmutableArray<double> reserves, int count, int tokenCount)
    {
        if (tokenCount != count)
            return $"a pool of this kind trades {count} tokens, not {tokenCount}";
        return Numbers("reserves", reserves, count, zeroAllowed: true);
    }

    public static string? Numbers(string name, ImmutableArray<double> numbers, int count, bool zeroAllowed)
    {
        if (numbers.IsDefault || numbers.Length != count)
            return $"{name} needs {count} numbers";
        foreach (double number in numbers)
        {
            if (!double.IsFinite(number) || number < 0 || (number == 0 && !zeroAllowed))
                return $"{name} holds {number}: it must be finite and {(zeroAllowed ? "not negative" : "positive")}";
        }

        return null;
    }
}
