using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace QTrade.Node.Doctor;

/// <summary>The runtime and the machine's instructions.</summary>
internal static class RuntimeCheck
{
    private const int MajorWanted = 10;

    public static IEnumerable<Finding> Look()
    {
        string machine = $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription} ({RuntimeInformation.ProcessArchitecture}), {Environment.ProcessorCount} cores";
        yield return Environment.Version.Major >= MajorWanted
            ? new Finding("runtime", Health.Good, machine)
            : new Finding("runtime", Health.Bad, machine, $"install the .NET {MajorWanted} runtime");
        yield return Fma.IsSupported || AdvSimd.Arm64.IsSupported
            ? new Finding("instructions", Health.Good, "fused multiply-add in hardware")
            : new Finding(
                "instructions",
                Health.Doubtful,
                "no fused multiply-add in hardware: the same results, many times slower",
                "run on a processor with FMA, or unset DOTNET_EnableAVX2=0 and the like");
    }
}
