using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace QTrade.Benchmarks.Journal;

/// <summary>The bare flush that the journal is measured against.</summary>
internal static class Flush
{
    /// <summary>fdatasync where there is one, else what the runtime offers.</summary>
    public static void Data(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux()) RandomAccess.FlushToDisk(file);
        else if (FDataSync(file) != 0) throw new IOException($"fdatasync failed: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FDataSync(SafeFileHandle file);
}
