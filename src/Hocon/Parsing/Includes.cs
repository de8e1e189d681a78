using System.Buffers;
using System.Security;
using QTrade.Hocon.Resolution;

namespace QTrade.Hocon.Parsing;

/// <summary>Finds, reads and parses the files of one document: the root and what it includes.</summary>
internal sealed class Includes
{
    private static readonly string[] TriedExtensions = ["", ".conf", ".json"];
    private const int ReadBytes = 65_536;
    private readonly List<string> _chain = [];
    private int _files;

    public Node ParseRootFile(string path)
    {
        var at = new HoconOrigin(path, 1, 1);
        return Parse(path, WithPlace(at, path, () => Path.GetFullPath(path)), at, IncludePrefixes.None);
    }

    /// <summary>The included root, or null where there is no such file and it is not required.</summary>
    public ObjectNode? ParseIncluded(string name, string? directory, bool required, HoconOrigin at, IncludePrefixes prefixes)
    {
        if (directory is null)
            throw new HoconException(at, $"include \"{name}\" has no directory to look in: this document is not a file");
        string? found = WithPlace(at, name, () => Find(Path.GetFullPath(name, Path.GetFullPath(directory))));
        if (found is null)
            return required ? throw new HoconException(at, $"the required file \"{name}\" does not exist in {directory}") : null;
        return Parse(found, found, at, prefixes) is ObjectNode root
            ? root
            : throw new HoconException(at, $"the included file \"{name}\" holds a list; an include needs fields");
    }

    private static string? Find(string path) =>
        TriedExtensions.Select(extension => path + extension).FirstOrDefault(File.Exists);

    private Node Parse(string shown, string fullPath, HoconOrigin at, IncludePrefixes prefixes)
    {
        if (_chain.Contains(fullPath, StringComparer.Ordinal))
            throw new HoconException(at, $"the file \"{shown}\" includes itself");
        if (_chain.Count > HoconLimits.MaxIncludeDepth)
            throw new HoconException(at, $"more than {HoconLimits.MaxIncludeDepth} files include each other in one chain");
        if (_files++ > HoconLimits.MaxIncludedFiles)
            throw new HoconException(at, $"more than {HoconLimits.MaxIncludedFiles} files are included");
        byte[] bytes = WithPlace(at, shown, () => ReadBounded(fullPath));
        _chain.Add(fullPath);
        var source = new SourceText(shown, SourceText.Decode(shown, bytes));
        Node root = new Parser(source, Path.GetDirectoryName(fullPath), this, prefixes).ParseDocument();
        _chain.RemoveAt(_chain.Count - 1);
        return root;
    }

    /// <summary>Reads a little more than is allowed at most, so that the decoder refuses a longer file by name. A pipe has no length to ask for.</summary>
    private static byte[] ReadBounded(string path)
    {
        using FileStream file = File.OpenRead(path);
        var bytes = new ArrayBufferWriter<byte>();
        for (int read = -1; read != 0 && bytes.WrittenCount <= HoconLimits.MaxBytes; bytes.Advance(read))
            read = file.Read(bytes.GetSpan(ReadBytes));
        return bytes.WrittenSpan.ToArray();
    }

    private static T WithPlace<T>(HoconOrigin at, string name, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or SecurityException)
        {
            string why = broken is FileNotFoundException or DirectoryNotFoundException ? "it does not exist" : broken.Message.ReplaceLineEndings(" ");
            throw new HoconException(at, $"the file \"{name}\" cannot be read: {why}", broken);
        }
    }
}
