using System.Diagnostics;

namespace QTrade.Node.Tests.Journal;

/// <summary>A disk of a few MiB in memory, mounted over a folder.</summary>
internal sealed class TinyDisk : IDisposable
{
    private readonly string _folder;

    public TinyDisk(string folder)
    {
        _folder = folder;
        if (Run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder) != 0) throw new IOException($"no disk could be mounted on {folder}");
    }

    /// <summary>Whether this process may mount one: root may on Linux, and within a container not even root everywhere.</summary>
    public static bool CanMount { get; } = Try();

    public void Dispose() => Run("umount", "--lazy", _folder);

    private static bool Try()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root") return false;
        string folder = Directory.CreateTempSubdirectory("qtrade-disk-").FullName;
        try
        {
            new TinyDisk(folder).Dispose();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
