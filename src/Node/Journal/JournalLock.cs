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

    /// <summary>What a file that is held elsewhere is refused with: EWOULDBLOCK on Linux and on macOS, a sharing violation on Windows.</summary>
    private static readonly int[] HeldElsewhere = [11, 35, unchecked((int)0x80070020)];

    /// <summary>Takes the folder's journal.</summary>
    /// <returns>Whether it is ours now; if not, <paramref name="refusal"/> names who holds it.</returns>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it be.</exception>
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
            Try(() => File.WriteAllText(ownerPath, $"process {Environment.ProcessId} on {Environment.MachineName}, since {started}"));
            taken = new JournalLock(held, ownerPath);
            return true;
        }
        catch (IOException refused) when (HeldElsewhere.Contains(refused.HResult))
        {
            refusal = $"the journal in {folder} belongs to another node ({Owner(ownerPath)}): stop it, or choose another data folder";
            return false;
        }
    }

    public void Dispose()
    {
        Try(() => File.Delete(_ownerPath));
        _held.Dispose();
    }

    /// <summary>The owner's name is a courtesy to who is refused: that it cannot be written or removed, on a full disk say, changes nothing.</summary>
    private static void Try(Action naming)
    {
        try
        {
            naming();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The lock holds without it.
        }
    }

    private static string Owner(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "its name cannot be read";
        }
    }
}
