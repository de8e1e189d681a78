namespace QTrade.Solver;

/// <summary>Arrays that grow with what they are to hold, by doubling, and keep what they hold.</summary>
internal static class Growing
{
    public static void Reserve<T>(ref T[] array, int size)
    {
        if (array.Length < size)
            Array.Resize(ref array, Math.Max(size, 2 * array.Length));
    }
}
