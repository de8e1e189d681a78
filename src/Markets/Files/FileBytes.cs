using System.Diagnostics.CodeAnalysis;

namespace QTrade.Markets.Files;

/// <summary>A file's bytes, with what the file system refuses as an error.</summary>
internal static class FileBytes
{
    /// <summary>Reads the whole file unless it is larger than any that is read.</summary>
    public static bool TryRead(string path, out byte[] bytes, [NotNullWhen(false)] out MarketFileError? error)
    {
        bytes = [];
        error = null;
        try
        {
            using var stream = File.OpenRead(path);
            // One byte more than is read tells a file that is too large from one that is not, also where a pipe knows no length.
            var buffer = new MemoryStream();
            var part = new byte[1 << 16];
            int count;
            while (buffer.Length <= JsonSyntax.BytesMax && (count = stream.Read(part)) > 0)
                buffer.Write(part, 0, count);
            bytes = buffer.ToArray();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            error = new MarketFileError(path, null, null, null, Reason(e));
            return false;
        }
    }

    private static string Reason(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "cannot be opened: it is a folder, or may not be read by this user",
        _ => $"cannot be read: {JsonSyntax.Printable(e.Message)}",
    };
}
