using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace QTrade.Node.Journal;

/// <summary>
/// Says that this process owns the journal of a folder: <c>journal.lock</c> is held open alone, which ends with the process however it
/// ends, and <c>journal.owner</c> says who holds it.
/// </summary>
internal sealed class JournalLock : IDisposable
{
    private readonly FileStream _held;
    private readonly string _ownerPath;

    private JournalLock(FileStream held, string ownerPath) => (_held, _ownerPath) = (held, ownerPath);

    /// <summary>Takes the folder's journal.</summary>
    /// <returns>Whether it is ours now; if not, <paramref name="refusal"/> names who holds it.</returns>
    public static bool TryTake(
        string folder, TimeProvider time, [NotNullWhen(true)] out JournalLock? taken, [NotNullWhen(false)] out string? refusal)
    {
        (taken, refusal) = (null, null);
        string lockPath = Path.Combine(folder, "journal.lock");
        string ownerPath = Path.Combine(folder, "journal.owner");
        try
        {
            var held = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            string started = time.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            File.WriteAllText(ownerPath, $"process {Environment.ProcessId} on {Environment.MachineName}, since {started}");
            taken = new JournalLock(held, ownerPath);
            return true;
        }
        catch (IOException) when (File.Exists(lockPath))
        {
            refusal = $"the journal in {folder} belongs to another node ({Owner(ownerPath)}): stop it, or choose another data folder";
            return false;
        }
    }

    public void Dispose()
    {
        File.Delete(_ownerPath);
        _held.Dispose();
    }

    private static string Owner(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "its name cannot be read";
        }
    }
}
