using System.Reflection;

namespace QTrade.Node.Verbs;

/// <summary>The program's version, without the build's mark.</summary>
internal static class ProgramVersion
{
    public static string Current { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
