using System.Globalization;
using System.Runtime.Intrinsics.X86;

namespace QTrade.Solver.Tests;

/// <summary>Writes what this processor gives to the file named by the first argument: its features, then a hash over the bits of many answers.</summary>
internal static class Program
{
    private static void Main(string[] arguments)
    {
        if (arguments is [var path])
            File.WriteAllLines(path, [Features, AnswerBits.Hash().ToString("x16", CultureInfo.InvariantCulture)]);
    }

    public static string Features => $"Sse42 {Sse42.IsSupported} Avx2 {Avx2.IsSupported} Fma {Fma.IsSupported} Avx512 {Avx512F.IsSupported}";
}
